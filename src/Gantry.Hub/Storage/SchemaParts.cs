namespace Gantry.Hub.Storage;

/// <summary>
/// The tables of every room, each with versions of its own, so that two rooms that grow at the same time do not meet.
/// <para>
/// To add a table: 1. a constant with its CREATE TABLE IF NOT EXISTS (INTEGER, TEXT, BLOB, WITHOUT ROWID) beside the class that reads it;
/// 2. a line <c>new("room", Table.Schema)</c> below; 3. rows are written with <see cref="Upsert.Of"/> and <see cref="HubDatabase.Run"/>.
/// To change one: a further step in its line, text or <c>new SchemaStep(change =&gt; …)</c>. Steps that were released stay as they are, in their order; both engines run all.
/// </para>
/// </summary>
internal static class SchemaParts
{
    /// <summary>Its versions 1 to 4 are those of SQLite files from before there were parts.</summary>
    public const string Core = "core";

    public static readonly SchemaPart[] All =
    [
        new(Core, CoreSchema.Tables, new SchemaStep(CoreSchema.RenameServices), Estate.ResourceTable.Schema + Sampling.RevisionTable.Schema, new SchemaStep(EdgeSchema.Add), new SchemaStep(CoreSchema.AddLeft)),
        new("changes", ChangeFeed.Schema),
        new("nodes", new SchemaStep(Nodes.NodeTable.Create)),
        new("access", Access.AccessTable.Schema, new SchemaStep(Access.AuditTable.Create), new SchemaStep(Access.AccessTable.AddHandedOver)),
        new("certificates", Fleet.Certificates.CertificateTable.Schema),
        new("collectors", FleetManagement.Collectors.CollectorTable.Schema),
        new("declared", new SchemaStep(Estate.ResourceTable.AddOwners)),
        new("configurations", Rollouts.ConfigRevisionTable.Schema, Rollouts.LastGood.LastGoodTable.Schema),
        new("objectives", Objectives.ObjectiveTable.Schema),
        new("campaigns", Campaigns.CampaignTable.Schema),
        new("quality", Quality.QualityTable.Schema),
        new("history", Coverage.Changes.ChangeTable.Schema),
    ];
}

/// <param name="Name">Stands in the database; never changed.</param>
/// <param name="Steps">The first brings version 1, and so on.</param>
internal sealed record SchemaPart(string Name, params SchemaStep[] Steps);

/// <summary>What brings a room's tables from one version to the next, in one transaction with all others.</summary>
internal sealed class SchemaStep(Action<SchemaChange> run)
{
    public static implicit operator SchemaStep(string ddl) => new(change => change.Run(ddl));

    public void Run(SchemaChange change) => run(change);
}
