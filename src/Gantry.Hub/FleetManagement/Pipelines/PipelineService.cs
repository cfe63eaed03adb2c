using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>pipeline.v1.PipelineService.</summary>
internal sealed class PipelineService(PipelineCalls calls, PipelineSync sync, PipelineHistory history) : IConnectService
{
    public string Name => "pipeline.v1.PipelineService";

    public IEnumerable<ConnectMethod> Methods =>
    [
        new ConnectMethod<PipelineIdRequest, Pipeline>($"{Name}/GetPipeline", CallerNeed.Read, calls.Get),
        new ConnectMethod<PipelineNameRequest, IdMessage>($"{Name}/GetPipelineID", CallerNeed.Read, calls.GetId),
        new ConnectMethod<ListPipelinesRequest, Gantry.Protocol.FleetManagement.Pipelines>($"{Name}/ListPipelines", CallerNeed.Read, calls.List),
        new ConnectMethod<PipelineRequest, Pipeline>($"{Name}/CreatePipeline", CallerNeed.Write, calls.Create),
        new ConnectMethod<PipelineRequest, Pipeline>($"{Name}/UpdatePipeline", CallerNeed.Write, calls.Update),
        new ConnectMethod<PipelineRequest, Pipeline>($"{Name}/UpsertPipeline", CallerNeed.Write, calls.Upsert),
        new ConnectMethod<PipelineIdRequest, EmptyMessage>($"{Name}/DeletePipeline", CallerNeed.Write, calls.Delete),
        new ConnectMethod<IdsMessage, EmptyMessage>($"{Name}/BulkDeletePipelines", CallerNeed.Write, calls.BulkDelete),
        new ConnectMethod<EmptyMessage, PipelineRevisions>($"{Name}/ListPipelinesRevisions", CallerNeed.Read, history.ListAll),
        new ConnectMethod<IdMessage, PipelineRevisions>($"{Name}/ListPipelineRevisions", CallerNeed.Read, history.List),
        new ConnectMethod<RevisionIdRequest, PipelineRevision>($"{Name}/GetPipelineRevision", CallerNeed.Read, history.Get),
        new ConnectMethod<SyncPipelinesRequest, EmptyMessage>($"{Name}/SyncPipelines", CallerNeed.Write, sync.Sync),
        new ConnectMethod<CreateAlloyPipelinesRequest, CreateAlloyPipelinesResponse>($"{Name}/CreateAlloyPipelines", CallerNeed.Write, Unavailable),
    ];

    /// <summary>The vendor's own first pipelines point at the vendor's cloud.</summary>
    private static Outcome<CreateAlloyPipelinesResponse> Unavailable(CreateAlloyPipelinesRequest request, Caller caller) =>
        new ConnectError(ConnectCode.Unimplemented, "this hub makes no pipelines by itself; create them with CreatePipeline");
}
