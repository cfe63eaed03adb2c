using Gantry.Hub.Estate;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>
/// All pipelines of a source at once: those of the request are there afterwards, those that the source had before and has no more are gone, all in one
/// change. A pipeline of another source is not overwritten for having the same name.
/// </summary>
internal sealed class PipelineSync(ResourceStore store, PipelineCalls pipelines, HubOptions options, ILogger<PipelineSync> logger)
{
    public Outcome<EmptyMessage> Sync(SyncPipelinesRequest request, Caller caller)
    {
        if (request.Source is not { } source)
        {
            return Errors.Invalid("source: is missing; say whose pipelines these are");
        }

        var owner = PipelineSources.OwnerOf(source, "source", out var problem);
        if (problem.Length > 0)
        {
            return Errors.Invalid(problem);
        }

        var (drafts, names) = (new List<PipelineDraft>(), new HashSet<string>());
        for (var i = 0; i < request.Pipelines.Count; i++)
        {
            var pipeline = request.Pipelines[i];
            if (!names.Add(pipeline.Name))
            {
                return Errors.Invalid($"pipelines.{i}.name: \"{pipeline.Name}\" is there twice; names are unique");
            }

            var before = pipelines.ByName(pipeline.Name);
            if (before is null && store.Find(PipelineMessages.Kind, PipelineDocument.ResourceNameOf(pipeline.Name)) is { } taken)
            {
                return Errors.Exists($"pipelines.{i}.name: \"{pipeline.Name}\" cannot be called so, for there is a pipeline with id {taken.Name}");
            }

            var draft = PipelineDraft.Make(pipeline, $"pipelines.{i}", before, owner, caller, options.SyncTakesOver);
            if (draft.Value is not { } made)
            {
                return draft.Error!;
            }

            drafts.Add(made);
        }

        return Apply(drafts, owner, caller);
    }

    private Outcome<EmptyMessage> Apply(List<PipelineDraft> drafts, string owner, Caller caller)
    {
        var kept = drafts.Select(draft => draft.Request.Name).ToHashSet();
        var stale = store.OfKind(PipelineMessages.Kind).Where(resource => resource.Owner == owner && !kept.Contains(resource.Name))
            .Select(resource => new ResourceRequest(PipelineMessages.Kind, resource.Name, Document: null) { Source = $"Fleet Management API, {caller.Name}", Owner = owner }).ToList();
        var outcomes = store.ApplyAll([.. drafts.Select(draft => draft.Request), .. stale], dryRun: false);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if ((i < drafts.Count ? drafts[i].ErrorOf(outcomes[i]) : PipelineDraft.ErrorOf(outcomes[i], stale[i - drafts.Count].Name)) is { } error)
            {
                return error;
            }
        }

        Log.FleetChanged(logger, "SyncPipelines", caller.Name, $"{drafts.Count} of {owner}, {stale.Count} deleted");
        return new EmptyMessage();
    }
}
