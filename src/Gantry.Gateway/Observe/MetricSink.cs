using Gantry.Gateway.Observe.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>First pass over metrics or logs: validates every item, so that nothing is counted of a request that is malformed.</summary>
internal struct ValidatingSink(MessageSchema item) : IEnvelopeSink
{
    // Messages around an item: the request, the resource block, the scope block.
    private const int Depth = 3;

    public int Items { get; private set; }

    public readonly bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head) => true;

    public readonly bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head) => true;

    public bool Item(ReadOnlySpan<byte> bytes)
    {
        Items++;
        return SchemaValidator.IsValid(item, bytes, Depth);
    }

    public readonly void EndScope(ReadOnlySpan<byte> tail)
    {
    }

    public readonly void EndResource(ReadOnlySpan<byte> tail)
    {
    }
}

/// <summary>Second pass: notes who sends what, and takes USE and request metrics out of what passes by.</summary>
/// <param name="comesAgain">Only what may be seen twice is taken: newest values and cumulative counts, no increases.</param>
internal struct MetricSink(ObserveShard shard, Signal signal, ulong nowUnixNano, bool comesAgain) : IEnvelopeSink
{
    private ResourceEntry? _resource;
    private ulong _scope;
    private LogTally _logs;

    public bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head)
    {
        _resource = shard.Resources.Find(resource);
        _logs = default;
        return true;
    }

    public bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head)
    {
        _scope = SeededHash.Of(scope);
        if (_resource!.ScopeOf(scope, signal) is { } seen)
        {
            _resource.Saw(seen, nowUnixNano);
        }

        return true;
    }

    public bool Item(ReadOnlySpan<byte> item)
    {
        shard.Count_NeedsLock(_resource!, signal, comesAgain ? 0UL : 1, nowUnixNano);
        if (signal == Signal.Logs && !comesAgain)
        {
            _logs.See(item);
        }

        if (signal != Signal.Metrics)
        {
            return true;
        }

        var metric = MetricView.Read(item);
        if (_resource!.Source.Service != 0)
        {
            MetricQuality.See(shard.Quality, _resource.Source.Service, metric, nowUnixNano);
        }

        if (HostPoints.Wants(metric.Name))
        {
            shard.HostPoints.Add(_resource!, metric);
        }
        else if (_resource!.Source.Service != 0 && (!comesAgain || metric.IsCumulative) && RequestMetrics.KindOf(metric.Name) is { } kind)
        {
            shard.RequestMetrics.Add(_resource, _scope, metric, kind, shard.Spans, nowUnixNano);
        }

        return true;
    }

    public readonly void EndScope(ReadOnlySpan<byte> tail)
    {
    }

    public readonly void EndResource(ReadOnlySpan<byte> tail)
    {
        if (_resource!.Source.Service != 0)
        {
            _logs.AddTo(shard.Quality.Facts, _resource.Source.Service, nowUnixNano);
        }
    }
}
