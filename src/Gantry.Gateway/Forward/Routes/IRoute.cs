using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>The way to one destination: straight, or past a place where data waits.</summary>
internal interface IRoute : IAsyncDisposable
{
    DestinationOptions Options { get; }

    DestinationState State { get; }

    /// <summary>Opens what it keeps and begins to send what waits.</summary>
    /// <exception cref="IOException">Its spool cannot be opened; the message says which and why.</exception>
    void Start();

    /// <summary>Never throws. The bytes are borrowed until the task ends.</summary>
    ValueTask<ForwardResult> SendAsync(Signal signal, Outgoing request, CancellationToken cancellation);

    Task StopAsync();
}
