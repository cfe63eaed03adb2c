using System.Globalization;
using Gantry.Hub.Estate;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>Revisions of pipelines, newest first; those of deleted ones too. The list of all leaves the contents out.</summary>
internal sealed class PipelineHistory(ResourceStore store)
{
    public Outcome<PipelineRevisions> ListAll(EmptyMessage request, Caller caller) =>
        new PipelineRevisions { Items = [.. store.Revisions(PipelineMessages.Kind).Select(revision => PipelineMessages.Of(revision, NameOf))] };

    public Outcome<PipelineRevisions> List(IdMessage request, Caller caller)
    {
        var revisions = store.Revisions(PipelineMessages.Kind, request.Id);
        return revisions.Count == 0
            ? Errors.NotFound($"no pipeline \"{request.Id}\"")
            : new PipelineRevisions { Items = [.. revisions.Select(revision => PipelineMessages.Of(revision, NameOf))] };
    }

    public Outcome<PipelineRevision> Get(RevisionIdRequest request, Caller caller) =>
        long.TryParse(request.RevisionId, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && store.Revision(version) is { } revision && revision.Kind == PipelineMessages.Kind.Kind
            ? PipelineMessages.Of(revision, NameOf)
            : Errors.NotFound($"no revision \"{request.RevisionId}\" of a pipeline");

    /// <summary>What it is called now; its id when it is gone.</summary>
    private string NameOf(string id) => store.Find(PipelineMessages.Kind, id) is { } resource && PipelineMessages.ModelOf(resource) is { } model ? model.DisplayName : id;
}
