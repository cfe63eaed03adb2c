using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// One slice of the counters. Requests take whichever shard is free, so that no lock is shared by all of them; the report adds the shards up.
/// Everything here is touched under <see cref="Gate"/> only.
/// </summary>
internal sealed class ObserveShard(ServiceRegistry services, RequestMetrics requestMetrics, Func<ulong> now)
{
    public Lock Gate { get; } = new();

    public ResourceTable Resources { get; } = new(services, now);

    public RedTable Red { get; } = new();

    public SkeletonPick Skeletons { get; } = new();

    /// <summary>Shared by all shards.</summary>
    public RequestMetrics RequestMetrics { get; } = requestMetrics;

    public HostPoints HostPoints { get; } = new();

    /// <summary>A host's own resource is no service; spans that come from one all the same are counted, under the name SDKs give the nameless.</summary>
    public uint ServiceOf(ResourceEntry resource)
    {
        if (resource.Source.Service == 0)
        {
            resource.Source.Service = services.IdOf(ResourceReader.UnknownService, "", "");
        }

        return resource.Source.Service;
    }

    public void Commit_NeedsLock(TraceBatch batch, ulong nowUnixNano)
    {
        foreach (ref readonly var span in batch.Spans)
        {
            Red.Add(span.Series, span.DurationNano, nowUnixNano);
        }

        foreach (var (resource, spans, sampled) in batch.Resources)
        {
            resource.Count(Signal.Traces, (ulong)spans, nowUnixNano);
            if (sampled)
            {
                resource.SawSampling(nowUnixNano);
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
    }
}
