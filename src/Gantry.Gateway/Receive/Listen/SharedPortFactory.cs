using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gantry.Gateway.Receive.Listen;

/// <summary>Opens the endpoints of a <see cref="SharedPort"/>; all others are left to Kestrel's own transport.</summary>
internal sealed class SharedPortFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggers, TimeProvider time)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private readonly ILogger _logger = loggers.CreateLogger<SharedPort>();

    public bool CanBind(EndPoint endpoint) => endpoint is SharedPort.PortEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ((SharedPort.PortEndPoint)endpoint).BindAsync(_sockets, time, _logger, cancellationToken);
}
