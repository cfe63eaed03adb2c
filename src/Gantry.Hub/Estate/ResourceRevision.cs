using Gantry.Estate.Resources;

namespace Gantry.Hub.Estate;

public enum RevisionOperation
{
    Insert,
    Update,
    Delete,
}

/// <summary>A change on its way to the database.</summary>
/// <param name="Resource">After the change; before it, for a deletion.</param>
/// <param name="Version">Of the estate with this change.</param>
internal sealed record ResourceEdit(RevisionOperation Operation, StoredResource Resource, long Version, string Source, string Owner, DateTimeOffset At);

/// <summary>A resource as it was after a change. All of them are kept.</summary>
/// <param name="Version">Of the estate with this change: no two revisions have the same, whatever resource they are of.</param>
/// <param name="Generation">Of the resource; of a deletion the last one.</param>
/// <param name="Operation">"insert", "update" or "delete".</param>
/// <param name="Source">Who did it, in their own words.</param>
/// <param name="Document">As given; of a deletion the last one. "" in lists that leave it out.</param>
public sealed record ResourceRevision(
    string Kind, string Name, long Version, long Generation, string Operation, string Source, string Owner, DateTimeOffset At, string Document);
