using Gantry.Gateway.Observe.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// One slice of the counters. Requests take whichever shard is free, so that no lock is shared by all of them; the report adds the shards up.
/// Everything here is touched under <see cref="Gate"/> only.
/// </summary>
internal sealed class ObserveShard(ServiceRegistry services, ResourceChecks checks, RequestMetrics requestMetrics, Func<ulong> now, bool exponential)
{
    private ulong _sweep;
    private int _open;
    private int _openBefore;

    public Lock Gate { get; } = new();

    public ResourceTable Resources { get; } = new(services, now);

    public SpanResolver Spans { get; } = new(exponential);

    public SeriesSampling Sampling { get; } = new(services);

    public SkeletonPick Skeletons { get; } = new();

    public FindingTable Findings { get; } = new();

    /// <summary>Shared by all shards.</summary>
    public RequestMetrics RequestMetrics { get; } = requestMetrics;

    public HostPoints HostPoints { get; } = new();

    public QualityShard Quality { get; } = new();

    /// <summary>Spans that were seen and those that sampling kept, since the gateway started.</summary>
    public ulong Seen { get; private set; }

    public ulong Kept { get; private set; }

    /// <summary>Spans that were refused because of their ids.</summary>
    public ulong Refused { get; private set; }

    /// <summary>A host's own resource is no service; spans that come from one all the same are counted, under the name SDKs give the nameless.</summary>
    public uint ServiceOf(ResourceEntry resource)
    {
        if (resource.Source.Service == 0)
        {
            resource.Source.Service = services.IdOf(ResourceReader.UnknownService, "", "");
        }

        return resource.Source.Service;
    }

    public void Begin_NeedsLock()
    {
        Resources.Begin();
        Spans.Begin();
    }

    public void Rollback_NeedsLock()
    {
        Resources.Rollback();
        Spans.Rollback();
        // What was decided about its series would be said of the next ones that get their numbers.
        Sampling.Forget();
    }

    /// <summary>A scanned request holds numbers of series until it is committed or let go.</summary>
    /// <returns>For <see cref="Close_NeedsLock"/>.</returns>
    public ulong Open_NeedsLock()
    {
        _open++;
        return _sweep;
    }

    public void Close_NeedsLock(ulong opened)
    {
        if (opened == _sweep)
        {
            _open--;
        }
        else
        {
            _openBefore--;
        }
    }

    /// <summary>Forgets idle series, unless a request that was under way at the last sweep still is: the numbers that it holds must stay its own.</summary>
    /// <param name="beforeUnixNano">Idle since then.</param>
    public void Expire_NeedsLock(ulong beforeUnixNano)
    {
        if (_openBefore > 0)
        {
            return;
        }

        Spans.Expire((uint)(beforeUnixNano / 1_000_000_000), beforeUnixNano);
        Sampling.Forget();
        _sweep++;
        (_openBefore, _open) = (_open, 0);
    }

    public void Commit_NeedsLock(TraceBatch batch, ulong nowUnixNano)
    {
        var (red, edges) = (Spans.Red, Spans.Edges);
        foreach (ref readonly var span in batch.Spans)
        {
            red.Add(span.Series, span.DurationNano, span.Weight, span.Failed, nowUnixNano);
            if (span.Arrival != Arrival.Continues)
            {
                red.Arrived(span.Series, span.Arrival, span.Weight);
            }

            if (span.Edge >= 0)
            {
                edges.Add(span.Edge, span.DurationNano, span.Weight, span.Failed, nowUnixNano);
            }
        }

        Seen += (ulong)batch.SpanCount;
        Kept += (ulong)batch.Kept;
        Refused += (ulong)batch.Rejected;
        foreach (var (series, exemplar) in batch.Exemplars)
        {
            red.Set(series, exemplar with { UnixNano = nowUnixNano });
        }

        CommitSources(batch, nowUnixNano);
    }

    /// <summary>Counts what came from a resource, and looks once at what it says of itself.</summary>
    public void Count_NeedsLock(ResourceEntry resource, Signal signal, ulong items, ulong nowUnixNano)
    {
        resource.Count(signal, items, nowUnixNano);
        if (!resource.IsChecked && resource.Source.Service != 0)
        {
            resource.IsChecked = true;
            checks.Check(resource, Findings, nowUnixNano);
        }
    }

    private void CommitSources(TraceBatch batch, ulong nowUnixNano)
    {
        foreach (var (resource, spans, sampled) in batch.Resources)
        {
            Count_NeedsLock(resource, Signal.Traces, (ulong)spans, nowUnixNano);
            if (sampled)
            {
                resource.SawSampling(nowUnixNano);
                Findings.Add(new FindingSeen(resource.Source.Service, FindingCodes.SampledAtSource, (ulong)spans, ""), nowUnixNano);
            }
        }

        foreach (var (resource, scope) in batch.Scopes)
        {
            resource.Saw(scope, nowUnixNano);
        }

        Skeletons.Counted(batch.Threshold);
        foreach (var picked in batch.Picked)
        {
            Skeletons.Add(picked);
        }

        foreach (var finding in batch.Findings)
        {
            Findings.Add(finding, nowUnixNano);
        }
    }
}
