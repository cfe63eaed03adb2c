using Gantry.Estate.Agents;
using Gantry.Estate.Matching;
using Gantry.Hub.Estate;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>Reads and changes single pipelines. They are resources like any other: what is written here is what <c>gantry get pipelines</c> shows.</summary>
internal sealed class PipelineCalls(ResourceStore store, HubOptions options, ILogger<PipelineCalls> logger)
{
    public Outcome<Pipeline> Get(PipelineIdRequest request, Caller caller) => ById(request.Id) is { } resource ? PipelineMessages.Of(resource) : Missing(request.Id);

    public Outcome<IdMessage> GetId(PipelineNameRequest request, Caller caller) => ByName(request.Name) is { } resource ? new IdMessage { Id = resource.Name } : Missing(request.Name);

    /// <summary>The full list, in the order of their ids.</summary>
    public Outcome<Gantry.Protocol.FleetManagement.Pipelines> List(ListPipelinesRequest request, Caller caller)
    {
        var wanted = Shown.Where(resource => IsWanted(resource, request));
        return new Gantry.Protocol.FleetManagement.Pipelines { Items = [.. wanted.Select(PipelineMessages.Of)] };
    }

    public Outcome<Pipeline> Create(PipelineRequest request, Caller caller) => Put(request, caller, "CreatePipeline", mayBeNew: true, mayBeThere: false);

    public Outcome<Pipeline> Update(PipelineRequest request, Caller caller) => Put(request, caller, "UpdatePipeline", mayBeNew: false, mayBeThere: true);

    public Outcome<Pipeline> Upsert(PipelineRequest request, Caller caller) => Put(request, caller, "UpsertPipeline", mayBeNew: true, mayBeThere: true);

    public Outcome<EmptyMessage> Delete(PipelineIdRequest request, Caller caller) => DeleteAll([request.Id], "DeletePipeline", caller);

    public Outcome<EmptyMessage> BulkDelete(IdsMessage request, Caller caller) =>
        request.Ids.Count == 0 ? Errors.Invalid("ids: is empty; name the pipelines to delete") : DeleteAll([.. request.Ids.Distinct()], "BulkDeletePipelines", caller);

    private IEnumerable<StoredResource> Shown => store.OfKind(PipelineMessages.Kind).Where(PipelineMessages.IsShown);

    private StoredResource? ById(string id) => store.Find(PipelineMessages.Kind, id) is { } resource && PipelineMessages.IsShown(resource) ? resource : null;

    public StoredResource? ByName(string name) => Shown.FirstOrDefault(resource => PipelineMessages.ModelOf(resource)!.DisplayName == name);

    private static bool IsWanted(StoredResource resource, ListPipelinesRequest request)
    {
        var model = PipelineMessages.ModelOf(resource)!;
        if ((request.Enabled is { } enabled && enabled != model.Enabled)
            || (request.ConfigType is { } type and not ConfigType.Unspecified && type != (model.Kind == AgentKind.Alloy ? ConfigType.Alloy : ConfigType.Otel)))
        {
            return false;
        }

        if (request.LocalAttributes.Count + request.RemoteAttributes.Count == 0)
        {
            return true;
        }

        var attributes = new Dictionary<string, string>(request.LocalAttributes);
        foreach (var (key, value) in request.RemoteAttributes)
        {
            attributes[key] = value;
        }

        var id = attributes.GetValueOrDefault(AgentAttributes.CollectorId) ?? "";
        return new AgentAttributes(new AgentFacts(id, id, model.Kind, attributes)).Satisfy(model.Matchers);
    }

    private Outcome<Pipeline> Put(PipelineRequest request, Caller caller, string method, bool mayBeNew, bool mayBeThere)
    {
        if (request.Pipeline is not { } pipeline)
        {
            return Errors.Invalid("pipeline: is missing");
        }

        var before = pipeline.Id is { Length: > 0 } id && mayBeThere ? ById(id) : ByName(pipeline.Name);
        if (before is null && !mayBeNew)
        {
            return Missing(pipeline.Id is { Length: > 0 } asked ? asked : pipeline.Name);
        }

        var taken = before ?? store.Find(PipelineMessages.Kind, PipelineDocument.ResourceNameOf(pipeline.Name));
        if (taken is not null && (!mayBeThere || before is null))
        {
            return Errors.Exists($"pipeline \"{pipeline.Name}\" is there already, with id {taken.Name}");
        }

        if (before is not null && ByName(pipeline.Name) is { } other && other.Name != before.Name)
        {
            return Errors.Exists($"pipeline \"{pipeline.Name}\" is there already, with id {other.Name}; names are unique");
        }

        if (OwnerOf(pipeline, before, out var problem) is var owner && problem.Length > 0)
        {
            return Errors.Invalid(problem);
        }

        var draft = PipelineDraft.Make(pipeline, "pipeline", before, owner, caller, options.SyncTakesOver);
        if (draft.Value is not { } made)
        {
            return draft.Error!;
        }

        var outcome = store.ApplyAll([made.Request], request.ValidateOnly)[0];
        if (made.ErrorOf(outcome) is { } error)
        {
            return error;
        }

        if (!request.ValidateOnly)
        {
            Log.FleetChanged(logger, method, caller.Name, pipeline.Name);
        }

        return PipelineMessages.Of(outcome.Resource!);
    }

    /// <summary>Who does not say a source writes as the API, or as whoever has it already by hand.</summary>
    private static string OwnerOf(Pipeline pipeline, StoredResource? before, out string problem)
    {
        problem = "";
        return pipeline.Source is { Type: not SourceType.Unspecified } source ? PipelineSources.OwnerOf(source, "pipeline.source", out problem)
            : before?.Owner == Owners.Ui ? Owners.Ui
            : Owners.Api;
    }

    /// <summary>The request has no source. A tool deletes what it made by this call, but what is kept in Git is deleted in Git: it would come back.</summary>
    private Outcome<EmptyMessage> DeleteAll(List<string> ids, string method, Caller caller)
    {
        var requests = new List<ResourceRequest>();
        foreach (var id in ids)
        {
            if (ById(id) is not { } resource)
            {
                return Missing(id);
            }

            if (!options.SyncTakesOver && PipelineSources.OfOwner(resource.Owner) is { Type: SourceType.Git })
            {
                return PipelineDraft.OwnedByAnother(resource, PipelineMessages.ModelOf(resource)!.DisplayName);
            }

            requests.Add(new ResourceRequest(PipelineMessages.Kind, id, Document: null) { Source = $"Fleet Management API, {caller.Name}", Owner = resource.Owner });
        }

        var outcomes = store.ApplyAll(requests, dryRun: false);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (PipelineDraft.ErrorOf(outcomes[i], ids[i]) is { } error)
            {
                return error;
            }
        }

        Log.FleetChanged(logger, method, caller.Name, ids.Count == 1 ? ids[0] : $"{ids.Count} pipelines");
        return new EmptyMessage();
    }

    private static ConnectError Missing(string name) => Errors.NotFound($"no pipeline \"{name}\"");
}
