using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gantry.Gateway.Tests.Forward;

/// <summary>A peer that takes connections, says one thing, and then nothing any more.</summary>
internal sealed class SilentPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _said;
    private readonly bool _readOn;
    private readonly Task _run;

    /// <param name="readOn">Once released, it reads until the connection ends, and looks for bytes of 0xFF.</param>
    public SilentPeer(string said, bool readOn = false)
    {
        _said = Encoding.ASCII.GetBytes(said);
        _readOn = readOn;
        _listener.Start();
        _run = RunAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public int Connections { get; private set; }

    public bool SawForeignBytes { get; private set; }

    /// <summary>The first connection has ended.</summary>
    public Task Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Release() => _release.SetResult();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _run;
        _clients.ForEach(client => client.Dispose());
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Connections++;
                _clients.Add(client);
                _ = TalkAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            if (_said.Length > 0)
            {
                // A client may be surprised by an answer to nothing.
                _ = await stream.ReadAsync(buffer);
                await stream.WriteAsync(_said);
            }

            if (_readOn)
            {
                await _release.Task;
                int read;
                while ((read = await stream.ReadAsync(buffer)) > 0)
                {
                    SawForeignBytes |= buffer.AsSpan(0, read).Contains((byte)0xFF);
                }
            }
        }
        catch (IOException)
        {
            // The other side gave up.
        }

        if (_readOn)
        {
            _ended.TrySetResult();
        }
    }
}
