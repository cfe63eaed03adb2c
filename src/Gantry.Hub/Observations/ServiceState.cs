using Gantry.Estate.Instrumentation;
using Gantry.Estate.Ladder;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>What is known of a service from its telemetry. Guarded by the lock of <see cref="ObservationStore"/>.</summary>
internal sealed class ServiceState(ServiceKey key)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan OperationInterval = TimeSpan.FromMinutes(1);

    public ServiceKey Key { get; } = key;

    public string Id { get; } = key.Id;

    /// <summary>By requirement id.</summary>
    public Dictionary<string, Sighting> Sightings { get; init; } = [];

    /// <summary>Emitters by their identifying attributes.</summary>
    public Dictionary<string, SourceState> Sources { get; } = [];

    /// <summary>Inbound requests, from spans and from metrics apart: a service that sends both is not counted twice.</summary>
    public Dictionary<RedSource, RedWindow> Inbound { get; } = new()
    {
        [RedSource.Spans] = new RedWindow(Interval),
        [RedSource.Metrics] = new RedWindow(Interval),
    };

    public Dictionary<(string Name, int Kind, RedSource Source), OperationState> Operations { get; } = [];

    /// <summary>Whom it calls.</summary>
    public Dictionary<PeerKey, EdgeState> Edges { get; } = [];

    /// <summary>What is wrong with what it sends.</summary>
    public Dictionary<FindingSubject, FindingState> Findings { get; } = [];

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>When a span last said that its source had sampled; spans then count nothing for rung 2.</summary>
    public DateTimeOffset? SampledAt { get; set; }

    public bool Dirty { get; set; } = true;

    public void Saw(string requirement, DateTimeOffset at, string source)
    {
        if (!Sightings.TryGetValue(requirement, out var before) || before.At < at)
        {
            Sightings[requirement] = new Sighting(at, source);
            Dirty = true;
        }
    }

    /// <summary>Spans while they come and are complete, else metrics while they come, else what came last; null without inbound requests.</summary>
    public RedSource? BestSource(DateTimeOffset now)
    {
        var (spans, metrics) = (Newest(RedSource.Spans), Newest(RedSource.Metrics));
        if (spans is null && metrics is null)
        {
            return null;
        }

        var mayMissSpans = (SampledAt is { } at && now - at < Ladder.FreshFor) || MayLackSpans(now);
        return (IsFresh(spans) && !mayMissSpans, IsFresh(metrics)) switch
        {
            (true, _) => RedSource.Spans,
            (_, true) => RedSource.Metrics,
            _ => spans > metrics || metrics is null ? RedSource.Spans : RedSource.Metrics,
        };

        bool IsFresh(DateTimeOffset? end) => now - end < Ladder.FreshFor;
    }

    /// <summary>Drops emitters and operations that were silent for an hour. The newest emitter stays: it tells language and instrumentation.</summary>
    public void Forget(DateTimeOffset now)
    {
        var oldest = now - RedWindow.Kept;
        var newest = Sources.Values.MaxBy(source => source.LastSeen);
        foreach (var (id, _) in Sources.Where(item => item.Value != newest && item.Value.LastSeen < oldest).ToList())
        {
            Sources.Remove(id);
            Dirty = true;
        }

        foreach (var (key, _) in Operations.Where(item => item.Value.LastSeen < oldest).ToList())
        {
            Operations.Remove(key);
        }
    }

    /// <summary>An agent makes its spans out of a runtime's events, and a runtime drops events that it has no room for; its metrics it never drops.</summary>
    public bool MayLackSpans(DateTimeOffset now) =>
        Sources.Values.Any(source => now - source.LastSeen < Ladder.FreshFor && source.Find("telemetry.distro.name") == KnownDistros.Attach);

    private DateTimeOffset? Newest(RedSource source) =>
        Inbound[source].Last is { } slot ? Inbound[source].StartOf(slot.Slot + 1) : null;
}

/// <summary>An operation's last hour, by the minute.</summary>
internal sealed class OperationState
{
    public RedWindow Window { get; } = new(ServiceState.OperationInterval);

    /// <summary>Within what is kept, or since it was forgotten for its silence; over a restart to the minute.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    public DateTimeOffset LastSeen { get; set; }
}

/// <summary>One emitter of a service.</summary>
internal sealed class SourceState(IReadOnlyDictionary<string, string> attributes)
{
    public IReadOnlyDictionary<string, string> Attributes { get; } = attributes;

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>The same attributes in any order are the same emitter.</summary>
    public static string IdOf(IReadOnlyDictionary<string, string> attributes) =>
        string.Join('\n', attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    public string Find(string key) => Attributes.GetValueOrDefault(key, "");
}
