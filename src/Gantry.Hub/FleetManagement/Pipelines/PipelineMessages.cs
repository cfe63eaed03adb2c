using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Protocol.FleetManagement;
using Model = Gantry.Estate.Pipelines.Pipeline;
using PipelineType = Gantry.Estate.Pipelines.PipelineType;
using RevisionOperation = Gantry.Protocol.FleetManagement.RevisionOperation;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>Resources as pipelines of the contract. Those of other types than its two are not shown: its clients could not tell what they are.</summary>
internal static class PipelineMessages
{
    public static ResourceKind Kind => Gantry.Estate.Pipelines.PipelineReader.Kind;

    public static bool IsShown(StoredResource resource) => ModelOf(resource) is { Type: PipelineType.Alloy or PipelineType.Otelcol };

    public static Model? ModelOf(StoredResource resource) => resource.Document?.Model as Model;

    /// <param name="resource">One that is shown.</param>
    public static Pipeline Of(StoredResource resource) => Of(resource.Document!, resource.Owner, resource.Created, resource.Applied);

    public static PipelineRevision Of(ResourceRevision revision, Func<string, string> nameOf)
    {
        var document = revision.Document.Length > 0 && ResourceText.Read(revision.Document, new ResourceProblems("-")) is [var read, ..] ? read : null;
        var snapshot = document is null
            ? new Pipeline { Id = revision.Name, Name = nameOf(revision.Name), Source = PipelineSources.OfOwner(revision.Owner), UpdatedAt = Timestamp.From(revision.At) }
            : Of(document, revision.Owner, created: null, revision.At);
        return new PipelineRevision
        {
            RevisionId = revision.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            CreatedAt = Timestamp.From(revision.At),
            Snapshot = snapshot,
            Operation = revision.Operation switch
            {
                "insert" => RevisionOperation.Insert,
                "update" => RevisionOperation.Update,
                "delete" => RevisionOperation.Delete,
                _ => RevisionOperation.Unspecified,
            },
        };
    }

    private static Pipeline Of(ResourceDocument document, string owner, DateTimeOffset? created, DateTimeOffset updated)
    {
        var (model, parts) = ((Model)document.Model, PipelineParts.Of(document));
        return new Pipeline
        {
            Id = document.Name,
            Name = model.DisplayName,
            Contents = parts.Contents,
            Matchers = [.. parts.Matchers],
            Enabled = model.Enabled,
            ConfigType = model.Type == PipelineType.Alloy ? ConfigType.Alloy : ConfigType.Otel,
            Metadata = parts.Metadata,
            Source = PipelineSources.OfOwner(owner),
            CreatedAt = created is { } at ? Timestamp.From(at) : null,
            UpdatedAt = Timestamp.From(updated),
        };
    }
}
