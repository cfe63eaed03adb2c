using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>collector.v1.CollectorService: two published contracts share this one name, for collectors and for operators.</summary>
internal sealed class CollectorService(AgentCalls agent) : IConnectService
{
    public string Name => "collector.v1.CollectorService";

    public IEnumerable<ConnectMethod> Methods =>
    [
        new ConnectMethod<GetConfigRequest, GetConfigResponse>($"{Name}/GetConfig", CallerNeed.Collect, agent.GetConfig) { HasNoSideEffects = true },
        new ConnectMethod<RegisterCollectorRequest, EmptyMessage>($"{Name}/RegisterCollector", CallerNeed.Collect, agent.Register),
        new ConnectMethod<IdMessage, EmptyMessage>($"{Name}/UnregisterCollector", CallerNeed.Collect, agent.Unregister),
    ];
}
