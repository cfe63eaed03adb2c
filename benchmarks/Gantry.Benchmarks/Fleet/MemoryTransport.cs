using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Gantry.Benchmarks.Fleet;

/// <summary>
/// Connections that are two pipes in this process, in the place of the server's sockets: everything above the socket is the product's code, and their number
/// is not bound by ports and file descriptors.
/// </summary>
internal sealed class MemoryTransport : IConnectionListenerFactory
{
    // What a socket's two ends hold before the writer waits.
    private static readonly PipeOptions Options = new(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);

    private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();
    private long _number;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint, _waiting));

    public Stream Connect()
    {
        var pair = (ToServer: new Pipe(Options), ToClient: new Pipe(Options));
        var number = Interlocked.Increment(ref _number);
        _waiting.Writer.TryWrite(new MemoryConnection(number, pair.ToServer.Reader, pair.ToClient.Writer));
        return new MemoryStreams(pair.ToClient.Reader, pair.ToServer.Writer);
    }

    private sealed class Listener(EndPoint endpoint, Channel<ConnectionContext> waiting) : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await waiting.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            waiting.Writer.TryComplete();
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
