using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>What waits for a destination, in order. One reader.</summary>
internal interface IBacklog
{
    Waiting Waiting { get; }

    /// <summary>Waits until there is something, then fills the batch with the oldest requests, all of one signal. What it gave before and was not
    /// settled comes again. The batch's memory is valid until the next call.</summary>
    ValueTask<Signal> ReadAsync(ExportBatch batch, int maxRequests, CancellationToken cancellation);

    /// <summary>The first of what was read is done with: delivered, or refused for good.</summary>
    void Settle(int requests);

    /// <summary>The only request that was read is refused for good; called before it is settled.</summary>
    void SetAside();
}
