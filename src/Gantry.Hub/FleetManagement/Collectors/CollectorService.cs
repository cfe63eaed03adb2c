using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>collector.v1.CollectorService: two published contracts share this one name, for collectors and for operators.</summary>
internal sealed class CollectorService(AgentCalls agent, ManagementCalls management) : IConnectService
{
    public string Name => "collector.v1.CollectorService";

    public IEnumerable<ConnectMethod> Methods =>
    [
        new ConnectMethod<GetConfigRequest, GetConfigResponse>($"{Name}/GetConfig", CallerNeed.Collect, agent.GetConfig) { HasNoSideEffects = true },
        new ConnectMethod<RegisterCollectorRequest, EmptyMessage>($"{Name}/RegisterCollector", CallerNeed.Collect, agent.Register),
        new ConnectMethod<IdMessage, EmptyMessage>($"{Name}/UnregisterCollector", CallerNeed.Collect, agent.Unregister),
        new ConnectMethod<IdMessage, Collector>($"{Name}/GetCollector", CallerNeed.Read, management.Get),
        new ConnectMethod<ListCollectorsRequest, Gantry.Protocol.FleetManagement.Collectors>($"{Name}/ListCollectors", CallerNeed.Read, management.List),
        new ConnectMethod<EmptyMessage, ListCollectorAttributesResponse>($"{Name}/ListCollectorAttributes", CallerNeed.Read, management.ListAttributes),
        new ConnectMethod<CollectorRequest, Collector>($"{Name}/CreateCollector", CallerNeed.Write, management.Create),
        new ConnectMethod<CollectorRequest, Collector>($"{Name}/UpdateCollector", CallerNeed.Write, management.Update),
        new ConnectMethod<BulkUpdateCollectorsRequest, EmptyMessage>($"{Name}/BulkUpdateCollectors", CallerNeed.Write, management.BulkUpdate),
        new ConnectMethod<IdMessage, EmptyMessage>($"{Name}/DeleteCollector", CallerNeed.Write, management.Delete),
        new ConnectMethod<IdsMessage, EmptyMessage>($"{Name}/BulkDeleteCollectors", CallerNeed.Write, management.BulkDelete),
    ];
}
