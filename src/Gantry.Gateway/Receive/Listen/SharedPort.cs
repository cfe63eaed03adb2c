using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Receive.Listen;

/// <summary>
/// One TCP port without TLS that speaks HTTP/1.1 and HTTP/2. Kestrel has to know which before it takes a connection, as there is no ALPN to ask: so
/// the port is opened once, the first bytes of each connection are looked at and left where they are, and the connection goes to one of two Kestrel
/// endpoints that stand on this port.
/// <code>
///   accept ─► first bytes ─┬─ "PRI * HTTP/2.0" ─► Http2 ─► Kestrel endpoint
///                          └─ anything else ────► Http1 ─► Kestrel endpoint
/// </code>
/// </summary>
internal sealed class SharedPort : IAsyncDisposable
{
    private readonly IPEndPoint _endPoint;
    private readonly TimeSpan _firstBytesWithin;
    private readonly Side _http1;
    private readonly Side _http2;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private Task<IConnectionListener>? _open;
    private Task _accepting = Task.CompletedTask;

    /// <param name="firstBytesWithin">A connection that shows nothing for so long is closed.</param>
    public SharedPort(IPEndPoint endPoint, TimeSpan firstBytesWithin)
    {
        (_endPoint, _firstBytesWithin) = (endPoint, firstBytesWithin);
        (_http1, _http2) = (new Side(this), new Side(this));
        (Http1, Http2) = (new PortEndPoint(endPoint, _http1), new PortEndPoint(endPoint, _http2));
    }

    /// <summary>What to give to Kestrel for the endpoint with HTTP/1.1.</summary>
    public IPEndPoint Http1 { get; }

    /// <summary>What to give to Kestrel for the endpoint with HTTP/2.</summary>
    public IPEndPoint Http2 { get; }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_open is { IsCompletedSuccessfully: true } open)
        {
            var listener = await open;
            await listener.UnbindAsync();
            await _accepting;
            await listener.DisposeAsync();
        }
    }

    private async Task<IConnectionListener> OpenAsync(IConnectionListenerFactory sockets, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        var listener = await sockets.BindAsync(_endPoint, cancellation);
        _accepting = AcceptAsync(listener, time, logger);
        return listener;
    }

    private async Task AcceptAsync(IConnectionListener listener, TimeProvider time, ILogger logger)
    {
        try
        {
            while (await listener.AcceptAsync() is { } connection)
            {
                _ = SortAsync(connection, time);
            }
        }
        catch (Exception exception)
        {
            Log.DoorFailed(logger, exception, _endPoint);
        }

        _http1.Connections.Writer.TryComplete();
        _http2.Connections.Writer.TryComplete();
    }

    private async Task SortAsync(ConnectionContext connection, TimeProvider time)
    {
        try
        {
            bool isHttp2;
            using (var late = new CancellationTokenSource(_firstBytesWithin, time))
            using (var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _closing.Token))
            {
                isHttp2 = await HttpPreface.IsHttp2Async(connection.Transport.Input, stop.Token);
            }

            if ((isHttp2 ? _http2 : _http1).Connections.Writer.TryWrite(connection))
            {
                return;
            }
        }
        catch (Exception)
        {
            // It said nothing in time, broke off, or we are closing: nobody waits for an answer.
            connection.Abort(new ConnectionAbortedException("no first bytes"));
        }

        await connection.DisposeAsync();
    }

    /// <summary>What one of Kestrel's endpoints listens to.</summary>
    private sealed class Side(SharedPort port) : IConnectionListener
    {
        public Channel<ConnectionContext> Connections { get; } = Channel.CreateUnbounded<ConnectionContext>();

        /// <summary>The address as it was bound, with its number when that was asked for as 0.</summary>
        public EndPoint EndPoint { get; private set; } = port._endPoint;

        public async ValueTask<IConnectionListener> BindAsync(
            IConnectionListenerFactory sockets, TimeProvider time, ILogger logger, CancellationToken cancellation)
        {
            Task<IConnectionListener> open;
            lock (port._gate)
            {
                open = port._open ??= port.OpenAsync(sockets, time, logger, cancellation);
            }

            EndPoint = (await open).EndPoint;
            return this;
        }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await Connections.Reader.WaitToReadAsync(cancellationToken) && Connections.Reader.TryRead(out var connection) ? connection : null;

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            if (port._open is not null)
            {
                await (await port._open).UnbindAsync(cancellationToken);
                await port._closing.CancelAsync();
            }
        }

        public ValueTask DisposeAsync() => port.DisposeAsync();
    }

    /// <summary>An address that Kestrel hands to <see cref="SharedPortFactory"/>.</summary>
    internal sealed class PortEndPoint : IPEndPoint
    {
        private readonly Side _side;

        /// <param name="side">A Side; its type is nobody else's business.</param>
        public PortEndPoint(IPEndPoint address, IConnectionListener side)
            : base(address.Address, address.Port) => _side = (Side)side;

        public ValueTask<IConnectionListener> BindAsync(
            IConnectionListenerFactory sockets, TimeProvider time, ILogger logger, CancellationToken cancellation) =>
            _side.BindAsync(sockets, time, logger, cancellation);
    }
}
