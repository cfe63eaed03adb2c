using System.Collections.Immutable;
using Gantry.Estate.Resources;
using Gantry.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gantry.Hub.Estate;

internal enum ApplyVerdict
{
    Created,
    Changed,
    Unchanged,
    Deleted,

    /// <summary>It is not there.</summary>
    NotFound,

    /// <summary>It is not in the version that the change builds on.</summary>
    Conflict,

    /// <summary>Sound alone, and not together with the others.</summary>
    Refused,
}

internal readonly record struct ApplyOutcome(ApplyVerdict Verdict, StoredResource? Resource = null, string Reason = "");

/// <summary>
/// Everything that is declared: in memory, and in the database before a change is acknowledged. Evidence may be a few seconds behind on disk, a decision
/// of an operator may not. Changes are rare and made one at a time under a lock; readers take the immutable list.
/// </summary>
internal sealed class ResourceStore
{
    public const int MostOfAKind = 1000;

    private readonly Lock _gate = new();
    private readonly HubDatabase _database;
    private readonly TimeProvider _time;
    private volatile Content _content;
    private long _version;

    public ResourceStore(HubDatabase database, TimeProvider time, ILogger<ResourceStore> logger)
    {
        _database = database;
        _time = time;
        var loaded = ResourceTable.Load(database);
        _version = loaded.Version;
        _content = new Content([.. loaded.Resources]);
        foreach (var broken in loaded.Resources.Where(resource => resource.Document is null))
        {
            Log.ResourceUnreadable(logger, broken.Kind.Kind, broken.Name, broken.Problem);
        }
    }

    /// <summary>After a change is durable, still under the lock, so in the order of the changes. Told the kind.</summary>
    public event Action<ResourceKind>? Changed;

    /// <summary>By kind, then by name.</summary>
    public IReadOnlyList<StoredResource> All => _content.Resources;

    public IEnumerable<StoredResource> OfKind(ResourceKind kind) => _content.Resources.Where(resource => resource.Kind == kind);

    public StoredResource? Find(ResourceKind kind, string name) => _content.Resources.FirstOrDefault(resource => resource.Kind == kind && resource.Name == name);

    /// <param name="expected">The version that the change builds on, 0 for none; null: whatever there is.</param>
    /// <exception cref="SqliteException">The database cannot be written; nothing has changed.</exception>
    public ApplyOutcome Apply(ResourceDocument document, string source, long? expected, bool dryRun)
    {
        lock (_gate)
        {
            var before = Find(document.Kind, document.Name);
            if (expected is { } version && version != (before?.Version ?? 0))
            {
                return new ApplyOutcome(ApplyVerdict.Conflict, before);
            }

            if (before?.Text == document.Text)
            {
                return new ApplyOutcome(ApplyVerdict.Unchanged, before);
            }

            var others = OfKind(document.Kind).Where(resource => resource.Name != document.Name).ToList();
            var refusal = others.Count >= MostOfAKind
                ? $"there are {others.Count} of kind {document.Kind.Kind} already, and a hub takes at most {MostOfAKind}; delete what is no longer needed"
                : document.Kind.CheckTogether([.. others.Select(other => other.Document?.Model).OfType<object>(), document.Model]);
            if (refusal.Length > 0)
            {
                return new ApplyOutcome(ApplyVerdict.Refused, before, refusal);
            }

            var now = _time.GetUtcNow();
            var after = new StoredResource(
                document.Kind, document.Name, document, document.Text, (before?.Generation ?? 0) + 1, _version + 1, source, before?.Created ?? now, now, Problem: "");
            if (!dryRun)
            {
                ResourceTable.Write(_database, after);
                Publish([.. _content.Resources.Where(resource => resource != before), after], document.Kind);
            }

            return new ApplyOutcome(before is null ? ApplyVerdict.Created : ApplyVerdict.Changed, after);
        }
    }

    /// <inheritdoc cref="Apply"/>
    public ApplyOutcome Delete(ResourceKind kind, string name, long? expected, bool dryRun)
    {
        lock (_gate)
        {
            var before = Find(kind, name);
            if (before is null)
            {
                return new ApplyOutcome(ApplyVerdict.NotFound);
            }

            if (expected is { } version && version != before.Version)
            {
                return new ApplyOutcome(ApplyVerdict.Conflict, before);
            }

            if (!dryRun)
            {
                ResourceTable.Delete(_database, before, _version + 1);
                Publish([.. _content.Resources.Where(resource => resource != before)], kind);
            }

            return new ApplyOutcome(ApplyVerdict.Deleted, before);
        }
    }

    private void Publish(IEnumerable<StoredResource> resources, ResourceKind kind)
    {
        _version++;
        _content = new Content([.. resources.OrderBy(resource => resource.Kind.Kind, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal)]);
        Changed?.Invoke(kind);
    }

    private sealed record Content(ImmutableArray<StoredResource> Resources);
}
