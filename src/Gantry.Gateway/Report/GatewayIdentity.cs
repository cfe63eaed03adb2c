using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Report;

/// <summary>This run of the gateway: a restarted one counts from 0 and is another.</summary>
internal sealed class GatewayIdentity(TimeProvider time)
{
    /// <summary>A fresh UUID.</summary>
    public string Id { get; } = Guid.CreateVersion7().ToString();

    public ulong StartUnixNano { get; } = time.GetUtcNow().ToUnixNano();
}
