using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>What was done to the pipeline.</summary>
public enum RevisionOperation
{
    Unspecified = 0,
    Insert = 1,
    Update = 2,
    Delete = 3,
}

/// <summary>A pipeline as it was at a time.</summary>
public sealed class PipelineRevision : FieldedMessage<PipelineRevision>
{
    private static readonly FieldTable<PipelineRevision> Table = new(
        Field.Text<PipelineRevision>(1, "revision_id", static message => message.RevisionId, static (message, value) => message.RevisionId = value),
        Field.Message<PipelineRevision, Pipeline>(2, "snapshot", static message => message.Snapshot, static (message, value) => message.Snapshot = value),
        Field.Time<PipelineRevision>(3, "created_at", static message => message.CreatedAt, static (message, value) => message.CreatedAt = value),
        Field.Enum<PipelineRevision, RevisionOperation>(4, "operation", EnumKinds.RevisionOperation, static message => message.Operation, static (message, value) => message.Operation = value));

    public string RevisionId { get; set; } = "";

    public Pipeline? Snapshot { get; set; }

    public Timestamp? CreatedAt { get; set; }

    public RevisionOperation Operation { get; set; }

    private protected override FieldTable<PipelineRevision> Fields => Table;
}

/// <summary>The history of one pipeline, or of all.</summary>
public sealed class PipelineRevisions : FieldedMessage<PipelineRevisions>
{
    private static readonly FieldTable<PipelineRevisions> Table = new(Field.Messages<PipelineRevisions, PipelineRevision>(1, "pipeline_revisions", static message => message.Items));

    public List<PipelineRevision> Items { get; init; } = [];

    private protected override FieldTable<PipelineRevisions> Fields => Table;
}
