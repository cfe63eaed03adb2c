using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gantry.Benchmarks.Load;

/// <summary>
/// OTLP/HTTP over one keep-alive connection, on a bare socket: the generator shares two cores with what it measures, and an HTTP library would
/// cost it more than the sending.
/// </summary>
internal sealed class HttpExportClient(Uri server, bool gzip) : IExportClient
{
    private readonly byte[] _answer = new byte[16 * 1024];
    private Socket? _socket;

    public async Task<ExportAnswer> SendAsync(Payload payload, CancellationToken cancellation)
    {
        try
        {
            return await ExchangeAsync(_socket ??= await ConnectAsync(cancellation), payload, cancellation);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            Drop();
            return ExportAnswer.Failed($"the connection broke: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            Drop();
            throw;
        }
    }

    public void Dispose() => Drop();

    private async Task<ExportAnswer> ExchangeAsync(Socket socket, Payload payload, CancellationToken cancellation)
    {
        // A server that refuses may answer, and close, before it has the whole body: reading does not wait for sending.
        var sending = SendAsync(socket, payload, cancellation);
        var received = await ReceiveAsync(socket, cancellation);
        try
        {
            await sending;
        }
        catch (SocketException) when (received > 0)
        {
            Drop();
        }

        if (received == 0)
        {
            throw new IOException("it was closed without an answer");
        }

        return Judge(Encoding.ASCII.GetString(_answer, 0, received));
    }

    private async Task SendAsync(Socket socket, Payload payload, CancellationToken cancellation)
    {
        var head = Encoding.ASCII.GetBytes(
            $"POST /v1/traces HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/x-protobuf\r\n"
            + $"{(gzip ? "Content-Encoding: gzip\r\n" : "")}Content-Length: {payload.Body.Length}\r\n\r\n");
        cancellation.ThrowIfCancellationRequested();
        var sent = await socket.SendAsync([head, payload.Body]);
        while (sent < head.Length + payload.Body.Length)
        {
            sent += await socket.SendAsync(payload.Body.AsMemory(sent - head.Length), cancellation);
        }
    }

    /// <returns>Bytes of the answer, body included; 0 when the server closed.</returns>
    private async Task<int> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(_answer.AsMemory(length), cancellation);
            if (read == 0)
            {
                Drop();
                return length;
            }

            length += read;
            if (IsWhole(_answer.AsSpan(0, length)))
            {
                return length;
            }

            if (length == _answer.Length)
            {
                throw new IOException($"the answer is longer than {length} bytes");
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = Encoding.ASCII.GetString(answer[..end]);
        return Header(head, "Content-Length") is { } length
            ? answer.Length - end - 4 >= int.Parse(length, CultureInfo.InvariantCulture)
            : Header(head, "Transfer-Encoding") is null || answer.EndsWith("0\r\n\r\n"u8);
    }

    private ExportAnswer Judge(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = answer[..end];
        var status = head.Length > 12 ? head[9..12] : "";
        if (Header(head, "Connection") is "close")
        {
            Drop();
        }

        return status switch
        {
            // An empty ExportTraceServiceResponse: everything was accepted.
            "200" when answer.Length == end + 4 => new ExportAnswer(Verdict.Accepted),
            "200" => ExportAnswer.Failed("partial success"),
            "429" or "503" => new ExportAnswer(Verdict.Refused, Delay(Header(head, "Retry-After"))),
            _ => ExportAnswer.Failed($"status {status}"),
        };
    }

    private static TimeSpan? Delay(string? header) =>
        double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static string? Header(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var value = head[(at + name.Length + 3)..];
        var end = value.IndexOf("\r\n", StringComparison.Ordinal);
        return (end < 0 ? value : value[..end]).Trim();
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Drop() => Interlocked.Exchange(ref _socket, null)?.Dispose();
}
