using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>Receives the scan of a trace request: resolves each span to its series, and counts nothing yet.</summary>
internal struct TraceSink(ObserveShard shard, TraceBatch batch) : IEnvelopeSink
{
    private ResourceEntry? _resource;
    private int _spansBefore;
    private bool _sampled;

    public bool Resource(ReadOnlySpan<byte> resource)
    {
        CloseResource();
        _resource = shard.Resources.Find(resource);
        return true;
    }

    public readonly bool Scope(ReadOnlySpan<byte> scope)
    {
        if (_resource!.ScopeOf(scope, Signal.Traces) is { } seen)
        {
            batch.Scopes.Add((_resource, seen));
        }

        return true;
    }

    public bool Item(ReadOnlySpan<byte> item)
    {
        if (!SpanScanner.TryRead(item, out var span))
        {
            return false;
        }

        if (!span.HasValidIds)
        {
            batch.Reject();
            return true;
        }

        var service = shard.ServiceOf(_resource!);
        var key = RedKey.Of(service, span.Kind, span.StatusCode, RedSource.Spans);
        batch.Add(shard.Red.Find(key, span.Name), span.Duration);
        if (key.Kind >= SpanKinds.Server && batch.Picked.Count < SkeletonPick.Capacity && shard.Skeletons.Wants(span.TraceId))
        {
            batch.Picked.Add(SkeletonPick.Of(span, service));
        }

        _sampled |= !span.TraceState.IsEmpty && SourceSampling.IsSampled(span.TraceState);
        return true;
    }

    /// <summary>Call after the scan: the last resource has no successor that would close it.</summary>
    public void CloseResource()
    {
        if (_resource is not null && batch.SpanCount > _spansBefore)
        {
            batch.Resources.Add((_resource, batch.SpanCount - _spansBefore, _sampled));
        }

        _spansBefore = batch.SpanCount;
        _sampled = false;
    }
}
