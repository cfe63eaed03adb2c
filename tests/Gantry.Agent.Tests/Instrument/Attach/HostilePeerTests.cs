using System.Net.Sockets;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Instrument.Attach.Nettrace;
using Gantry.Agent.Tests.Support;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>A socket that is no runtime's: this process listens, and answers what no runtime would.</summary>
public sealed class HostilePeerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gantry-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public HostilePeerTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
    }

    private string Path => System.IO.Path.Combine(_folder, "socket");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_socket_that_another_process_holds_is_not_spoken_to()
    {
        var error = await Assert.ThrowsAsync<AttachException>(() => IpcConnection.OpenAsync(Path, 1, TimeProvider.System, Cancellation));

        Assert.Contains($"is held by process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("DOTNET_IPC_V1\0\u0000\u0000\u00ff\u0000\u0000\u0000")]
    [InlineData("DOTNET_IPC_V1\0\u0020\u0000\u0001\u0000\u0000\u0000 and so on and so on and so on")]
    public async Task An_answer_that_is_none_is_refused(string answer)
    {
        var peer = AnswerAsync(System.Text.Encoding.Latin1.GetBytes(answer));
        using var connection = await IpcConnection.OpenAsync(Path, Environment.ProcessId, TimeProvider.System, Cancellation);

        var error = await Assert.ThrowsAsync<AttachException>(() => connection.AskAsync(RuntimeFacts.Request(), TimeProvider.System, Cancellation));

        Assert.Equal(InstrumentationReasons.Failed, error.Reason);
        await peer;
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_left_after_a_while()
    {
        var time = new FakeTimeProvider();
        using var connection = await IpcConnection.OpenAsync(Path, Environment.ProcessId, time, Cancellation);
        var asking = connection.AskAsync(RuntimeFacts.Request(), time, Cancellation);
        await Eventually.True(
            () =>
            {
                time.Advance(IpcConnection.AnswerLimit);
                return asking.IsCompleted;
            },
            "the wait for an answer ends");

        var error = await Assert.ThrowsAsync<AttachException>(() => asking);

        Assert.Contains("no answer within 10 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_refuses_every_command_is_asked_four_times_and_no_more()
    {
        // "DOTNET_IPC_V1", 24 bytes, server, error, and an HRESULT.
        byte[] refusal = [.. "DOTNET_IPC_V1\0"u8, 24, 0, 0xFF, 0xFF, 0, 0, 0x84, 0x13, 0x13, 0x80];
        var peers = Enumerable.Range(0, 4).Select(_ => AnswerAsync(refusal)).ToList();

        var error = await Assert.ThrowsAsync<AttachException>(() => TracingSession.OpenAsync(Path, Environment.ProcessId, new TracingRequest(1, []), TimeProvider.System, Cancellation));

        Assert.Contains("refused to open an event session", error.Message, StringComparison.Ordinal);
        await Task.WhenAll(peers);
    }

    [Fact]
    public async Task An_endless_stream_of_nonsense_ends_the_session()
    {
        byte[] accept = [.. "DOTNET_IPC_V1\0"u8, 28, 0, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var peer = FloodAsync(accept, stop.Token);
        using var session = await TracingSession.OpenAsync(Path, Environment.ProcessId, new TracingRequest(1, []), TimeProvider.System, Cancellation);
        using var pump = new StreamPump(session, new Nothing(), new Lock(), static () => { }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<AttachException>(() => pump.RunAsync(Cancellation));

        Assert.Contains("does not begin as one", error.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        session.Dispose();
        await peer;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswerAsync(byte[] answer)
    {
        using var peer = await _listener.AcceptAsync(Cancellation);
        await peer.ReceiveAsync(new byte[64 * 1024], Cancellation);
        await peer.SendAsync(answer, Cancellation);
    }

    private async Task FloodAsync(byte[] accept, CancellationToken stop)
    {
        using var peer = await _listener.AcceptAsync(stop);
        await peer.ReceiveAsync(new byte[64 * 1024], stop);
        await peer.SendAsync(accept, stop);
        try
        {
            while (true)
            {
                await peer.SendAsync(new byte[64 * 1024], stop);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
        }
    }

    private sealed class Nothing : IEventSink
    {
        public void Take(EventType type, long ticks, ReadOnlySpan<byte> payload)
        {
        }
    }
}
