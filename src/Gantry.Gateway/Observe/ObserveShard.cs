using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// One slice of the counters. Requests take whichever shard is free, so that no lock is shared by all of them; the report adds the shards up.
/// Everything here is touched under <see cref="Gate"/> only.
/// </summary>
internal sealed class ObserveShard(ServiceRegistry services, RequestMetrics requestMetrics, Func<ulong> now, bool exponential)
{
    public Lock Gate { get; } = new();

    public ResourceTable Resources { get; } = new(services, now);

    public SpanResolver Spans { get; } = new(exponential);

    public SeriesSampling Sampling { get; } = new(services);

    public SkeletonPick Skeletons { get; } = new();

    public FindingTable Findings { get; } = new();

    /// <summary>Shared by all shards.</summary>
    public RequestMetrics RequestMetrics { get; } = requestMetrics;

    public HostPoints HostPoints { get; } = new();

    /// <summary>Spans that were seen and those that sampling kept, since the gateway started.</summary>
    public ulong Seen { get; private set; }

    public ulong Kept { get; private set; }

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
    }

    public void Commit_NeedsLock(TraceBatch batch, ulong nowUnixNano)
    {
        var (red, edges) = (Spans.Red, Spans.Edges);
        foreach (ref readonly var span in batch.Spans)
        {
            red.Add(span.Series, span.DurationNano, span.Weight, span.Failed, nowUnixNano);
            if (span.Edge >= 0)
            {
                edges.Add(span.Edge, span.DurationNano, span.Weight, span.Failed, nowUnixNano);
            }
        }

        Seen += (ulong)batch.SpanCount;
        Kept += (ulong)batch.Kept;
        foreach (var (series, exemplar) in batch.Exemplars)
        {
            red.Set(series, exemplar with { UnixNano = nowUnixNano });
        }

        CommitSources(batch, nowUnixNano);
    }

    private void CommitSources(TraceBatch batch, ulong nowUnixNano)
    {
        foreach (var (resource, spans, sampled) in batch.Resources)
        {
            resource.Count(Signal.Traces, (ulong)spans, nowUnixNano);
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
