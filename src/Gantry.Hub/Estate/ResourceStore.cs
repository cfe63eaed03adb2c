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

    /// <summary>It is somebody else's.</summary>
    Owned,
}

/// <param name="Resource">After the change; before it, where there is none.</param>
internal readonly record struct ApplyOutcome(ApplyVerdict Verdict, StoredResource? Resource = null, string Reason = "")
{
    public IReadOnlyList<ResourceProblem> Problems { get; init; } = [];

    public IReadOnlyList<ResourceProblem> Warnings { get; init; } = [];

    public bool IsDone => Verdict is ApplyVerdict.Created or ApplyVerdict.Changed or ApplyVerdict.Unchanged or ApplyVerdict.Deleted;
}

/// <summary>A change that somebody asks for.</summary>
/// <param name="Document">Null to delete it.</param>
/// <param name="Expected">The version that the change builds on, 0 for none; null: whatever there is.</param>
internal sealed record ResourceRequest(ResourceKind Kind, string Name, ResourceDocument? Document, long? Expected = null)
{
    /// <summary>Who, in their own words.</summary>
    public string Source { get; init; } = Owners.Api;

    public string Owner { get; init; } = Owners.Api;

    /// <summary>Also where it is somebody else's.</summary>
    public bool TakeOver { get; init; }
}

/// <summary>
/// Everything that is declared: in memory, and in the database before a change is acknowledged. Evidence may be a few seconds behind on disk, a decision
/// of an operator may not. Changes are rare and made one at a time under a lock; readers take the immutable content.
/// </summary>
internal sealed class ResourceStore
{
    private readonly Lock _gate = new();
    private readonly HubDatabase _database;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<IResourceCheck> _checks;
    private readonly ILogger<ResourceStore> _logger;
    private volatile EstateContent _content;

    public ResourceStore(HubDatabase database, ChangeFeed feed, TimeProvider time, IEnumerable<IResourceCheck> checks, ILogger<ResourceStore> logger)
    {
        (_database, _time, _checks, _logger) = (database, time, [.. checks], logger);
        _content = Load();
        feed.Subscribe(ResourceTable.Topic, Refresh);
    }

    /// <summary>After a change is durable, of this node or another, still under the lock, so in the order of the changes. Told the kind.</summary>
    public event Action<ResourceKind>? Changed;

    /// <summary>As it is now, as a whole.</summary>
    public EstateContent Content => _content;

    /// <summary>By kind, then by name.</summary>
    public IEnumerable<StoredResource> All => _content.All;

    public IEnumerable<StoredResource> OfKind(ResourceKind kind) => _content.OfKind(kind);

    public StoredResource? Find(ResourceKind kind, string name) => _content.Find(kind, name);

    /// <summary>Revisions of a resource, newest first, with their documents; of one that was deleted too.</summary>
    public IReadOnlyList<ResourceRevision> Revisions(ResourceKind kind, string name, int most = 1000) => ResourceRevisionTable.Of(_database, kind, name, most);

    /// <summary>Revisions of all resources of a kind, newest first, without their documents.</summary>
    public IReadOnlyList<ResourceRevision> Revisions(ResourceKind kind, int most = 1000) => ResourceRevisionTable.Of(_database, kind, most);

    public ResourceRevision? Revision(long version) => ResourceRevisionTable.Find(_database, version);

    /// <param name="expected">The version that the change builds on, 0 for none; null: whatever there is.</param>
    /// <exception cref="DbException">The database cannot be written; nothing has changed.</exception>
    public ApplyOutcome Apply(ResourceDocument document, string source, long? expected, bool dryRun, string owner = Owners.Api, bool takeOver = false) =>
        ApplyAll([new ResourceRequest(document.Kind, document.Name, document, expected) { Source = source, Owner = owner, TakeOver = takeOver }], dryRun)[0];

    /// <inheritdoc cref="Apply"/>
    public ApplyOutcome Delete(ResourceKind kind, string name, long? expected, bool dryRun, string source = Owners.Api, string owner = Owners.Api, bool takeOver = false) =>
        ApplyAll([new ResourceRequest(kind, name, Document: null, expected) { Source = source, Owner = owner, TakeOver = takeOver }], dryRun)[0];

    /// <summary>Several changes as one: all of them are made, or none.</summary>
    /// <returns>An outcome for each, in their order; what it would be, where another one is not done.</returns>
    /// <exception cref="DbException">The database cannot be written; nothing has changed.</exception>
    public IReadOnlyList<ApplyOutcome> ApplyAll(IReadOnlyList<ResourceRequest> requests, bool dryRun)
    {
        lock (_gate)
        {
            while (true)
            {
                Refresh_NeedsLock();
                var (now, before, content) = (_time.GetUtcNow(), _content, _content);
                var edits = new List<ResourceEdit>();
                var outcomes = new ApplyOutcome[requests.Count];
                for (var i = 0; i < outcomes.Length; i++)
                {
                    outcomes[i] = Draft(requests[i], ref content, edits, now);
                }

                // Once for all changes of a kind: thousands that come together are not each held against all.
                var together = new Dictionary<ResourceKind, string>();
                for (var i = 0; i < outcomes.Length; i++)
                {
                    outcomes[i] = Checked(outcomes[i], content, together);
                }

                if (dryRun || edits.Count == 0 || !outcomes.All(outcome => outcome.IsDone))
                {
                    return outcomes;
                }

                if (ResourceTable.TryWrite(_database, edits, before))
                {
                    _content = content;
                    foreach (var kind in edits.Select(edit => edit.Resource.Kind).Distinct())
                    {
                        Changed?.Invoke(kind);
                    }

                    return outcomes;
                }
            }
        }
    }

    private static ApplyOutcome Draft(ResourceRequest request, ref EstateContent content, List<ResourceEdit> edits, DateTimeOffset now)
    {
        var (kind, document) = (request.Kind, request.Document);
        var before = content.Find(kind, request.Name);
        if (before is null && document is null)
        {
            return new ApplyOutcome(ApplyVerdict.NotFound);
        }

        if (request.Expected is { } expected && expected != (before?.Version ?? 0))
        {
            return new ApplyOutcome(ApplyVerdict.Conflict, before);
        }

        var takes = request.TakeOver && before is not null && before.Owner != request.Owner;
        if (before is not null && document is not null && before.Text == document.Text && !takes)
        {
            return new ApplyOutcome(ApplyVerdict.Unchanged, before);
        }

        if (before is not null && before.Owner != request.Owner && !takes)
        {
            return new ApplyOutcome(ApplyVerdict.Owned, before);
        }

        var version = content.Version + 1;
        if (document is null)
        {
            content = content.Without(before!, version);
            edits.Add(new ResourceEdit(RevisionOperation.Delete, before!, version, request.Source, request.Owner, now));
            return new ApplyOutcome(ApplyVerdict.Deleted, before);
        }

        if (before is null && content.Count(kind) is var count && count >= kind.Most)
        {
            return new ApplyOutcome(
                ApplyVerdict.Refused, Reason: $"there are {count} of kind {kind.Kind} already, and a hub takes at most {kind.Most}; delete what is no longer needed");
        }

        var after = new StoredResource(
            kind, document.Name, document, document.Text, (before?.Generation ?? 0) + 1, version, request.Source, before?.Created ?? now, now, Problem: "", request.Owner);
        content = content.With(after, version);
        edits.Add(new ResourceEdit(before is null ? RevisionOperation.Insert : RevisionOperation.Update, after, version, request.Source, request.Owner, now));
        return new ApplyOutcome(before is null ? ApplyVerdict.Created : ApplyVerdict.Changed, after);
    }

    /// <summary>Together with everything else.</summary>
    private ApplyOutcome Checked(ApplyOutcome outcome, EstateContent content, Dictionary<ResourceKind, string> together)
    {
        if (outcome.Verdict is not (ApplyVerdict.Created or ApplyVerdict.Changed or ApplyVerdict.Deleted))
        {
            return outcome;
        }

        var resource = outcome.Resource!;
        var problems = new ResourceProblems(resource.Document?.File ?? $"{resource.Kind.Plural}/{resource.Name}");
        foreach (var check in _checks)
        {
            if (outcome.Verdict == ApplyVerdict.Deleted)
            {
                check.CheckWithout(content, resource, problems);
            }
            else
            {
                check.Check(content, resource, problems);
            }
        }

        if (!together.TryGetValue(resource.Kind, out var refusal))
        {
            refusal = resource.Kind.CheckTogether?.Invoke(content.OfKind(resource.Kind).Select(other => other.Document?.Model).OfType<object>()) ?? "";
            together.Add(resource.Kind, refusal);
        }

        refusal = problems.All.Count > 0 ? string.Join("\n", problems.All) : refusal;
        return refusal.Length > 0
            ? new ApplyOutcome(ApplyVerdict.Refused, resource, refusal) { Problems = problems.All, Warnings = problems.Warnings }
            : outcome with { Warnings = problems.Warnings };
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
        var before = _content;
        if (!_database.Engine.IsShared || ResourceTable.Version(_database) == before.Version)
        {
            return;
        }

        _content = Load();
        foreach (var kind in ResourceKinds.All.Where(kind => !Versions(before, kind).SequenceEqual(Versions(_content, kind))))
        {
            Changed?.Invoke(kind);
        }

        static IEnumerable<(string, long)> Versions(EstateContent content, ResourceKind kind) => content.OfKind(kind).Select(resource => (resource.Name, resource.Version));
    }

    private EstateContent Load()
    {
        var (version, resources) = ResourceTable.Load(_database);
        foreach (var broken in resources.Where(resource => resource.Document is null))
        {
            Log.ResourceUnreadable(_logger, broken.Kind.Kind, broken.Name, broken.Problem);
        }

        return EstateContent.Of(resources, version);
    }
}
