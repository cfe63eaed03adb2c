using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Without matchers: all collectors.</summary>
public sealed class ListCollectorsRequest : FieldedMessage<ListCollectorsRequest>
{
    private static readonly FieldTable<ListCollectorsRequest> Table = new(Field.Texts<ListCollectorsRequest>(1, "matchers", static message => message.Matchers));

    public List<string> Matchers { get; init; } = [];

    private protected override FieldTable<ListCollectorsRequest> Fields => Table;
}

/// <summary>The answer: all of them, there are no pages.</summary>
public sealed class Collectors : FieldedMessage<Collectors>
{
    private static readonly FieldTable<Collectors> Table = new(Field.Messages<Collectors, Collector>(1, "collectors", static message => message.Items));

    public List<Collector> Items { get; init; } = [];

    private protected override FieldTable<Collectors> Fields => Table;
}

/// <summary>CreateCollectorRequest and UpdateCollectorRequest.</summary>
public sealed class CollectorRequest : FieldedMessage<CollectorRequest>
{
    private static readonly FieldTable<CollectorRequest> Table = new(Field.Message<CollectorRequest, Collector>(1, "collector", static message => message.Collector, static (message, value) => message.Collector = value));

    public Collector? Collector { get; set; }

    private protected override FieldTable<CollectorRequest> Fields => Table;
}

/// <summary>All operations on all collectors, or none.</summary>
public sealed class BulkUpdateCollectorsRequest : FieldedMessage<BulkUpdateCollectorsRequest>
{
    private static readonly FieldTable<BulkUpdateCollectorsRequest> Table = new(
        Field.Texts<BulkUpdateCollectorsRequest>(1, "ids", static message => message.Ids),
        Field.Messages<BulkUpdateCollectorsRequest, Operation>(2, "ops", static message => message.Ops));

    public List<string> Ids { get; init; } = [];

    public List<Operation> Ops { get; init; } = [];

    private protected override FieldTable<BulkUpdateCollectorsRequest> Fields => Table;
}
