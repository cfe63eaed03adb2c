using System.Collections.Immutable;
using System.Data.Common;
using Gantry.Estate.Resources;
using Gantry.Hub.Storage;

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
    private readonly ILogger<ResourceStore> _logger;
    private volatile Content _content;
    private long _version;

    public ResourceStore(HubDatabase database, ChangeFeed feed, TimeProvider time, ILogger<ResourceStore> logger)
    {
        _database = database;
        _time = time;
        _logger = logger;
        _content = Load(out _version);
        feed.Subscribe(ResourceTable.Topic, Refresh);
    }

    /// <summary>After a change is durable, of this node or another, still under the lock, so in the order of the changes. Told the kind.</summary>
    public event Action<ResourceKind>? Changed;

    /// <summary>By kind, then by name.</summary>
    public IReadOnlyList<StoredResource> All => _content.Resources;

    public IEnumerable<StoredResource> OfKind(ResourceKind kind) => _content.Resources.Where(resource => resource.Kind == kind);

    public StoredResource? Find(ResourceKind kind, string name) => _content.Resources.FirstOrDefault(resource => resource.Kind == kind && resource.Name == name);

    /// <param name="expected">The version that the change builds on, 0 for none; null: whatever there is.</param>
    /// <exception cref="DbException">The database cannot be written; nothing has changed.</exception>
    public ApplyOutcome Apply(ResourceDocument document, string source, long? expected, bool dryRun)
    {
        lock (_gate)
        {
            while (true)
            {
                Refresh_NeedsLock();
                var (outcome, after) = Judge_NeedsLock(document, source, expected);
                if (after is null || dryRun)
                {
                    return outcome;
                }

                if (ResourceTable.TryWrite(_database, after, Find(after.Kind, after.Name)?.Version ?? 0))
                {
                    Publish(Without(after.Kind, after.Name).Append(after), after.Kind);
                    return outcome;
                }
            }
        }
    }

    /// <inheritdoc cref="Apply"/>
    public ApplyOutcome Delete(ResourceKind kind, string name, long? expected, bool dryRun)
    {
        lock (_gate)
        {
            while (true)
            {
                Refresh_NeedsLock();
                var before = Find(kind, name);
                if (before is null || (expected is { } version && version != before.Version))
                {
                    return new ApplyOutcome(before is null ? ApplyVerdict.NotFound : ApplyVerdict.Conflict, before);
                }

                if (dryRun || ResourceTable.TryDelete(_database, before, _version + 1, _time.GetUtcNow()))
                {
                    if (!dryRun)
                    {
                        Publish(Without(kind, name), kind);
                    }

                    return new ApplyOutcome(ApplyVerdict.Deleted, before);
                }
            }
        }
    }

    /// <returns>What comes of it, and what is to be written; null when nothing is.</returns>
    private (ApplyOutcome Outcome, StoredResource? After) Judge_NeedsLock(ResourceDocument document, string source, long? expected)
    {
        var before = Find(document.Kind, document.Name);
        if (expected is { } version && version != (before?.Version ?? 0))
        {
            return (new ApplyOutcome(ApplyVerdict.Conflict, before), null);
        }

        if (before?.Text == document.Text)
        {
            return (new ApplyOutcome(ApplyVerdict.Unchanged, before), null);
        }

        var others = OfKind(document.Kind).Where(resource => resource.Name != document.Name).ToList();
        var refusal = others.Count >= MostOfAKind
            ? $"there are {others.Count} of kind {document.Kind.Kind} already, and a hub takes at most {MostOfAKind}; delete what is no longer needed"
            : document.Kind.CheckTogether([.. others.Select(other => other.Document?.Model).OfType<object>(), document.Model]);
        if (refusal.Length > 0)
        {
            return (new ApplyOutcome(ApplyVerdict.Refused, before, refusal), null);
        }

        var now = _time.GetUtcNow();
        var after = new StoredResource(
            document.Kind, document.Name, document, document.Text, (before?.Generation ?? 0) + 1, _version + 1, source, before?.Created ?? now, now, Problem: "");
        return (new ApplyOutcome(before is null ? ApplyVerdict.Created : ApplyVerdict.Changed, after), after);
    }

    private void Refresh()
    {
        lock (_gate)
        {
            Refresh_NeedsLock();
        }
    }

    /// <summary>Takes over what other nodes changed.</summary>
    private void Refresh_NeedsLock()
    {
        if (!_database.Engine.IsShared || ResourceTable.Version(_database) == _version)
        {
            return;
        }

        var before = _content.Resources;
        _content = Load(out _version);
        var kinds = ResourceKinds.All.Where(kind => !Versions(before, kind).SequenceEqual(Versions(_content.Resources, kind))).ToList();
        kinds.ForEach(kind => Changed?.Invoke(kind));

        static IEnumerable<(string, long)> Versions(IEnumerable<StoredResource> resources, ResourceKind kind) =>
            resources.Where(resource => resource.Kind == kind).Select(resource => (resource.Name, resource.Version));
    }

    private Content Load(out long version)
    {
        (version, var resources) = ResourceTable.Load(_database);
        foreach (var broken in resources.Where(resource => resource.Document is null))
        {
            Log.ResourceUnreadable(_logger, broken.Kind.Kind, broken.Name, broken.Problem);
        }

        return Ordered(resources);
    }

    private IEnumerable<StoredResource> Without(ResourceKind kind, string name) => _content.Resources.Where(resource => resource.Kind != kind || resource.Name != name);

    private void Publish(IEnumerable<StoredResource> resources, ResourceKind kind)
    {
        _version++;
        _content = Ordered(resources);
        Changed?.Invoke(kind);
    }

    private static Content Ordered(IEnumerable<StoredResource> resources) =>
        new([.. resources.OrderBy(resource => resource.Kind.Kind, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal)]);

    private sealed record Content(ImmutableArray<StoredResource> Resources);
}
