using System.Buffers.Binary;
using System.Net.Sockets;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Attach.Ipc;

/// <summary>One connection to a diagnostic port: the runtime answers one command on each. Every wait has a limit, as a stopped process still accepts.</summary>
internal sealed class IpcConnection : IDisposable
{
    /// <summary>For connecting, and for the answer to a command. A runtime answers in milliseconds, after a full collection in some seconds.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    // linux/socket.h and asm-generic/socket.h.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private readonly Socket _socket;

    private IpcConnection(Socket socket) => _socket = socket;

    /// <summary>Connects to the port of one process.</summary>
    /// <param name="pid">Whom the kernel must name as the one that listens.</param>
    /// <exception cref="AttachException">Nobody listens, somebody else does, or the agent may not.</exception>
    public static async Task<IpcConnection> OpenAsync(string path, int pid, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), either.Token);
            CheckPeer(socket, pid);
            return new IpcConnection(socket);
        }
        catch (Exception error)
        {
            socket.Dispose();
            throw error switch
            {
                SocketException { SocketErrorCode: SocketError.AccessDenied } => new AttachException(InstrumentationReasons.Unreadable, "the diagnostic port belongs to another user; the agent needs to run as that user or as root"),
                SocketException refused => new AttachException(InstrumentationReasons.Failed, $"the diagnostic port does not answer: {refused.SocketErrorCode}"),
                OperationCanceledException when !cancellation.IsCancellationRequested => Silent(),
                _ => error,
            };
        }
    }

    /// <summary>Sends a command and reads the whole answer.</summary>
    /// <returns>The payload of the answer; null when the runtime refused the command.</returns>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> command, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await SendAsync(command, either.Token);
            var header = new byte[IpcMessage.HeaderSize];
            await FillAsync(header, either.Token);
            // 64 KiB at most, as the size has two bytes.
            var payload = new byte[IpcMessage.ReadHeader(header, out var isOk)];
            await FillAsync(payload, either.Token);
            return isOk ? payload : null;
        }
        catch (SocketException error)
        {
            throw new AttachException(InstrumentationReasons.Failed, $"the diagnostic port broke off: {error.SocketErrorCode}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Silent();
        }
    }

    /// <summary>What comes behind the answer; 0 bytes at its end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>struct ucred: pid, uid, gid. The kernel tells who called listen; a pid of 0 is outside our namespace.</summary>
    private static void CheckPeer(Socket socket, int pid)
    {
        Span<byte> credentials = stackalloc byte[12];
        var length = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        var peer = length == credentials.Length ? BinaryPrimitives.ReadInt32LittleEndian(credentials) : 0;
        if (peer != pid)
        {
            throw new AttachException(InstrumentationReasons.Failed, $"the diagnostic port of process {pid} is held by process {peer}; it is not attached to, as its data would be another's");
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }
    }

    private async Task FillAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (buffer.Length > 0)
        {
            var read = await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellation);
            if (read == 0)
            {
                throw new AttachException(InstrumentationReasons.Failed, "the diagnostic port closed before it had answered");
            }

            buffer = buffer[read..];
        }
    }

    private static AttachException Silent() =>
        new(InstrumentationReasons.Failed, $"the diagnostic port gave no answer within {AnswerLimit.TotalSeconds} s; the process may be stopped, or not be a .NET runtime");
}
