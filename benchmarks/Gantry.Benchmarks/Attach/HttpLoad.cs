using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gantry.Benchmarks.Attach;

/// <param name="Latencies">Of every request, in seconds, sorted.</param>
internal sealed record LoadResult(double Seconds, double[] Latencies)
{
    public int Requests => Latencies.Length;

    public double P99 => Latencies[(int)((Latencies.Length - 1) * 0.99)];
}

/// <summary>
/// Some connections, each with a thread that sends the next request when the answer to the last is there: as much as the service takes. Plain sockets, as a client
/// that works harder than the service would be what is measured. All answers to a path have one length, which the first one tells.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private readonly Socket[] _sockets;
    private readonly byte[] _request;
    private readonly int _answer;

    public HttpLoad(Uri address, string path, int connections)
    {
        _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        _sockets = [.. Enumerable.Range(0, connections).Select(_ => Connect(address))];
        _answer = Learn(_sockets[0]);
    }

    public async Task<LoadResult> RunAsync(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var runs = _sockets.Select(socket => Task.Factory.StartNew(() => Run(socket, start, time), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var latencies = (await Task.WhenAll(runs)).SelectMany(list => list).ToArray();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Array.Sort(latencies);
        return new LoadResult(seconds, latencies);
    }

    public void Dispose() => Array.ForEach(_sockets, socket => socket.Dispose());

    private static Socket Connect(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
        return socket;
    }

    private int Learn(Socket socket)
    {
        var buffer = new byte[4096];
        socket.Send(_request);
        var length = 0;
        do
        {
            length += socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
        }
        while (socket.Poll(Silence, SelectMode.SelectRead));

        Check(buffer);
        return length;
    }

    private List<double> Run(Socket socket, long start, TimeSpan time)
    {
        var buffer = new byte[_answer];
        var latencies = new List<double>(64 * 1024);
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            var sent = Stopwatch.GetTimestamp();
            socket.Send(_request);
            for (var length = 0; length < _answer;)
            {
                var read = socket.Receive(buffer, length, _answer - length, SocketFlags.None);
                length += read > 0 ? read : throw new BenchmarkException("the service closed a connection");
            }

            Check(buffer);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
        }

        return latencies;
    }

    private static void Check(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1.1 200"u8))
        {
            throw new BenchmarkException($"wrong answer: {Encoding.ASCII.GetString(answer[..Math.Min(40, answer.Length)])}");
        }
    }
}
