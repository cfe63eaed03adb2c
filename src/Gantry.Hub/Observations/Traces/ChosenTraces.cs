using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations.Traces;

/// <summary>
/// Puts the chosen traces together, and says of which it may be believed that nothing is missing (docs/adr/0024). Guarded by the lock of
/// <see cref="ObservationStore"/>.
/// </summary>
internal sealed class ChosenTraces(DateTimeOffset start)
{
    public const int MaxSpans = 100_000;

    /// <summary>Of one trace. Whoever uses one trace id for everything must not push out all others.</summary>
    public const int MaxTraceSpans = 10_000;

    /// <summary>Nothing more came: SDKs send their batches within five seconds, gateways report within two.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);

    /// <summary>From its first span; who runs for longer is seen with parents that come too late.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private const ulong RandomBits = (1UL << 56) - 1;

    /// <summary>Spans of one trace reach gateways, and reports the hub, within these of each other.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan After = TimeSpan.FromSeconds(4);

    private readonly Dictionary<(ulong High, ulong Low), TraceBuilder> _traces = [];
    private readonly Dictionary<string, GatewayCover> _gateways = [];
    private readonly ThresholdWindow _thresholds = new();
    private readonly Dictionary<(ulong High, ulong Low), DateTimeOffset> _closed = [];
    private ulong _threshold;

    // Every gateway that lives has reported once by then.
    private DateTimeOffset _began = start + Warming;

    public int Spans { get; private set; }

    /// <summary>Traces that were shown whole.</summary>
    public long Judged { get; private set; }

    /// <summary>Traces that could not be, because a report is missing or because they lie below a threshold.</summary>
    public long Unjudged { get; private set; }

    /// <summary>Spans that came after their trace was closed.</summary>
    public long Late { get; private set; }

    /// <param name="services">By their number in this report.</param>
    /// <param name="joined">Called with caller and callee.</param>
    public void Take(ObservationBatch batch, IReadOnlyDictionary<uint, ServiceState> services, BatchTimes times, Action<ServiceState, ServiceState> joined)
    {
        var now = times.Now;
        if (batch.ChosenSinceUnixNano > 0)
        {
            if (!_gateways.TryGetValue(batch.GatewayId, out var cover))
            {
                _gateways.Add(batch.GatewayId, cover = new GatewayCover());
            }

            var since = times.Of(batch.ChosenSinceUnixNano);
            cover.Told(batch.ChosenSinceUnixNano, batch.SentUnixNano, since, now, batch.IsLast);
            _thresholds.Was(batch.ChosenThreshold, since, now);
        }
        else if (batch.IsLast && _gateways.TryGetValue(batch.GatewayId, out var leaving))
        {
            // The first part of a report has the spans, the last one says that nothing is left.
            leaving.Leaves();
        }

        if (batch.Replaces.Length > 0 && _gateways.TryGetValue(batch.Replaces, out var replaced))
        {
            replaced.Ended(times.Of(batch.GatewayStartUnixNano));
        }

        _thresholds.Was(_threshold, now, now);
        var groups = new Dictionary<uint, SpanGroup>();
        foreach (var group in batch.Groups)
        {
            groups.TryAdd(group.Id, group);
        }

        foreach (var skeleton in batch.Spans)
        {
            if (groups.TryGetValue(skeleton.Group, out var group) && services.TryGetValue(group.Service, out var service))
            {
                Add(skeleton, Span(skeleton, group, service), now, joined);
            }
        }
    }

    /// <summary>A gateway that reported before this hub began: it may have spans of what comes now, and is waited for as if it had fallen silent then.</summary>
    /// <param name="until">When it last reported, by the hub's clock.</param>
    public void Remember(string gateway, DateTimeOffset until) => _gateways.TryAdd(gateway, new GatewayCover(until));

    /// <summary>Takes out what can be looked at now: traces that settled since the last call, and those that are at their end.</summary>
    public SettledTraces Collect(DateTimeOffset now)
    {
        var (settled, closed) = (new List<ChosenTrace>(), new List<ChosenTrace>());
        foreach (var (id, trace) in _traces)
        {
            var idle = now - trace.LastSeen >= Idle;
            if (idle && !trace.IsSettled && IsWhole(trace, now))
            {
                trace.IsSettled = true;
                settled.Add(trace.ToTrace());
            }

            var age = now - trace.Seen;
            if ((idle && age >= Life) || age >= Life * 3)
            {
                if (trace.IsSettled && idle)
                {
                    Judged++;
                    closed.Add(trace.ToTrace());
                }
                else
                {
                    Unjudged++;
                }

                Remove(id, trace);
                _closed[id] = now;
            }
        }

        foreach (var (id, _) in _closed.Where(item => now - item.Value > Life).ToList())
        {
            _closed.Remove(id);
        }

        foreach (var (id, _) in _gateways.Where(item => item.Value.IsForgotten(now)).ToList())
        {
            _gateways.Remove(id);
        }

        if (Spans < MaxSpans / 4 && _threshold > 0)
        {
            _threshold = _threshold < 1UL << 20 ? 0 : RandomBits - Math.Min(RandomBits, (RandomBits - _threshold) * 2);
        }

        return new SettledTraces(settled, closed);
    }

    /// <summary>A trace that settled, and that nobody waits for.</summary>
    public void Close((ulong High, ulong Low) id, DateTimeOffset now)
    {
        if (_traces.TryGetValue(id, out var trace))
        {
            Judged++;
            Remove(id, trace);
            _closed[id] = now;
        }
    }

    /// <summary>Gateways that say nothing, and since when: until they do, or are taken for gone, no trace of that time is judged.</summary>
    public IReadOnlyList<(string Gateway, DateTimeOffset Since)> Silent(DateTimeOffset now) =>
        // Who was there before this hub began has not had the time to say so.
        now < _began ? [] : [.. _gateways.Where(item => item.Value.IsWaitedFor(now - Idle, now)).Select(item => (item.Key, item.Value.Until))];

    /// <summary>Another node was the one that observes.</summary>
    public void Clear(DateTimeOffset now)
    {
        _began = now + Warming;
        _traces.Clear();
        _gateways.Clear();
        _closed.Clear();
        Spans = 0;
    }

    private void Add(SpanSkeleton skeleton, ChosenSpan span, DateTimeOffset now, Action<ServiceState, ServiceState> joined)
    {
        var id = (skeleton.TraceHigh, skeleton.TraceLow);
        if ((skeleton.TraceLow & RandomBits) < _threshold)
        {
            return;
        }

        if (!_traces.TryGetValue(id, out var trace))
        {
            if (_closed.ContainsKey(id))
            {
                // For as long as anything comes of it, else its tail would be taken for a trace.
                _closed[id] = now;
                Late++;
                return;
            }

            _traces.Add(id, trace = new TraceBuilder(skeleton.TraceHigh, skeleton.TraceLow, now));
        }

        if (!trace.Add(span, now, joined))
        {
            return;
        }

        Spans++;
        if (trace.Count > MaxTraceSpans)
        {
            LetGo(id, trace, now);
        }
        else if (Spans > MaxSpans)
        {
            Raise(now);
        }
    }

    private bool IsWhole(TraceBuilder trace, DateTimeOffset now)
    {
        var (from, to) = (trace.Seen - Before, trace.LastSeen + After);
        if (from < _began || (trace.Low & RandomBits) < _thresholds.Highest(from, to))
        {
            return false;
        }

        foreach (var cover in _gateways.Values)
        {
            if (cover.IsWaitedFor(to, now) || cover.HasHole(from, to, now))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Halves the share of traces, as gateways do: whole traces go.</summary>
    private void Raise(DateTimeOffset now)
    {
        _threshold = RandomBits - ((RandomBits - _threshold) / 2);
        _thresholds.Was(_threshold, now, now);
        foreach (var (id, trace) in _traces.Where(item => (item.Value.Low & RandomBits) < _threshold).ToList())
        {
            LetGo(id, trace, now);
        }
    }

    private void LetGo((ulong High, ulong Low) id, TraceBuilder trace, DateTimeOffset now)
    {
        Unjudged++;
        Remove(id, trace);
        _closed[id] = now;
    }

    private void Remove((ulong High, ulong Low) id, TraceBuilder trace)
    {
        _traces.Remove(id);
        Spans -= trace.Count;
    }

    private static ChosenSpan Span(SpanSkeleton skeleton, SpanGroup group, ServiceState service) => new(
        skeleton.Span,
        skeleton.Parent,
        service,
        group.Kind,
        group.Operation,
        PeerKey.Of(group),
        (skeleton.Flags & SkeletonFlags.IsLink) != SkeletonFlags.None,
        (skeleton.Flags & SkeletonFlags.HasLink) != SkeletonFlags.None,
        (skeleton.Flags & SkeletonFlags.Failed) != SkeletonFlags.None,
        skeleton.DurationNano);
}

/// <param name="Settled">Nothing more came for <see cref="ChosenTraces.Idle"/>; each trace once.</param>
/// <param name="Closed">Those that settled before and are at their end now, with what came since.</param>
internal sealed record SettledTraces(IReadOnlyList<ChosenTrace> Settled, IReadOnlyList<ChosenTrace> Closed);
