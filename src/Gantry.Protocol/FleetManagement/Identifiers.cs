using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Requests and answers without a field: RegisterCollectorResponse, DeletePipelineResponse, ListPipelinesRevisionsRequest and their like.</summary>
public sealed class EmptyMessage : FieldedMessage<EmptyMessage>
{
    private static readonly FieldTable<EmptyMessage> Table = new();

    private protected override FieldTable<EmptyMessage> Fields => Table;
}

/// <summary>Messages of one id: GetCollectorRequest, DeleteCollectorRequest, UnregisterCollectorRequest, ListPipelineRevisionsRequest, GetPipelineIDResponse.</summary>
public sealed class IdMessage : FieldedMessage<IdMessage>
{
    private static readonly FieldTable<IdMessage> Table = new(Field.Text<IdMessage>(1, "id", static message => message.Id, static (message, value) => message.Id = value));

    public string Id { get; set; } = "";

    private protected override FieldTable<IdMessage> Fields => Table;
}

/// <summary>Messages of several ids: BulkDeleteCollectorsRequest, BulkDeletePipelinesRequest.</summary>
public sealed class IdsMessage : FieldedMessage<IdsMessage>
{
    private static readonly FieldTable<IdsMessage> Table = new(Field.Texts<IdsMessage>(1, "ids", static message => message.Ids));

    public List<string> Ids { get; init; } = [];

    private protected override FieldTable<IdsMessage> Fields => Table;
}

/// <summary>GetPipelineRequest and DeletePipelineRequest; field 1 was a name once.</summary>
public sealed class PipelineIdRequest : FieldedMessage<PipelineIdRequest>
{
    private static readonly FieldTable<PipelineIdRequest> Table = new(Field.Text<PipelineIdRequest>(2, "id", static message => message.Id, static (message, value) => message.Id = value));

    public string Id { get; set; } = "";

    private protected override FieldTable<PipelineIdRequest> Fields => Table;
}

/// <summary>GetPipelineIDRequest.</summary>
public sealed class PipelineNameRequest : FieldedMessage<PipelineNameRequest>
{
    private static readonly FieldTable<PipelineNameRequest> Table = new(Field.Text<PipelineNameRequest>(1, "name", static message => message.Name, static (message, value) => message.Name = value));

    public string Name { get; set; } = "";

    private protected override FieldTable<PipelineNameRequest> Fields => Table;
}

/// <summary>GetPipelineRevisionRequest.</summary>
public sealed class RevisionIdRequest : FieldedMessage<RevisionIdRequest>
{
    private static readonly FieldTable<RevisionIdRequest> Table = new(Field.Text<RevisionIdRequest>(1, "revision_id", static message => message.RevisionId, static (message, value) => message.RevisionId = value));

    public string RevisionId { get; set; } = "";

    private protected override FieldTable<RevisionIdRequest> Fields => Table;
}
