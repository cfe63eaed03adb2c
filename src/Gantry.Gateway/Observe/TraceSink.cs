using System.Buffers.Binary;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Sample;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Receives the scan of a trace request: resolves each span to what it will count in, and counts nothing yet; then decides over it, and writes the
/// kept ones.
/// </summary>
/// <param name="sampling">Null when nothing is to be dropped: then nothing is written, and the request goes on as it came.</param>
internal ref struct TraceSink(ObserveShard shard, TraceBatch batch, SamplingModel? sampling, ulong nowUnixNano) : IRestartableSink
{
    private readonly uint _tick = (uint)(nowUnixNano / 1_000_000_000);
    private readonly bool _samples = sampling is not null;
    private SampledWriter _writer = new(batch.Output);
    private ResourceFaults _faults;
    private ResourceEntry? _resource;
    private uint _service;
    private int _spansBefore;
    private bool _wasSampled;

    public void Restart()
    {
        batch.Clear();
        _writer = new SampledWriter(batch.Output);
        _resource = null;
        _spansBefore = 0;
    }

    public bool Knows(ReadOnlySpan<byte> resource)
    {
        _resource = shard.Resources.TryFind(resource);
        return _resource is not null;
    }

    public bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head)
    {
        _resource = _resource is { } known && resource.SequenceEqual(known.Bytes) ? known : shard.Resources.Find(resource);
        _service = _resource.Source.Service;
        _faults = new ResourceFaults(nowUnixNano);
        _spansBefore = batch.SpanCount;
        _wasSampled = false;
        _writer.Resource(head);
        return true;
    }

    public bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head)
    {
        if (_resource!.ScopeOf(scope, Signal.Traces) is { } seen)
        {
            batch.Add(_resource, seen);
        }

        _writer.Scope(head);
        return true;
    }

    public bool Item(ReadOnlySpan<byte> item)
    {
        if (_service == 0)
        {
            _service = shard.ServiceOf(_resource!);
        }

        var fits = shard.Spans.TryFit(_service, item, _tick, out var span, out var place, out var handle);
        if (!fits && !SpanScanner.TryRead(item, out span))
        {
            return false;
        }

        if (!span.HasValidIds)
        {
            batch.Reject();
            _faults.InvalidIds++;
            return true;
        }

        var key = RedKey.Of(_service, span.Kind, span.StatusCode, RedSource.Spans);
        if (!fits)
        {
            place = shard.Spans.Resolve(key, span, item, _tick, batch, handle);
        }

        var sample = new SpanSample(span);
        var duration = span.Duration;
        var arrival = Arrivals.Of(span, item);
        batch.Add(place, duration, sample.Weight(span.SpanId), failed: key.Status == 2, arrival);
        _faults.See(span.StartUnixNano, span.EndUnixNano);
        _wasSampled |= sample.WasSampled;
        shard.Skeletons.Pick(span, item, place, arrival, batch.Picked);
        batch.Threshold = shard.Skeletons.Threshold;

        if (!_samples || Decide(item, span, sample, place.Series, duration))
        {
            Kept(span, place.Series, duration);
        }

        return true;
    }

    public void EndScope(ReadOnlySpan<byte> tail) => _writer.EndScope(tail);

    public void EndResource(ReadOnlySpan<byte> tail)
    {
        _writer.EndResource(tail);
        if (batch.SpanCount > _spansBefore)
        {
            batch.Resources.Add((_resource!, batch.SpanCount - _spansBefore, _wasSampled));
        }

        _faults.AddTo(batch.Findings, _service, nowUnixNano);
    }

    private bool Decide(ReadOnlySpan<byte> item, scoped in SpanView span, scoped SpanSample sample, int series, ulong duration)
    {
        var policy = shard.Sampling.Of(series, shard.Spans.Red, span.Name).StateOf(duration);
        if (!sample.IsKept(policy))
        {
            return false;
        }

        switch (sample.ChangeFor(policy))
        {
            case TraceStateChange.None:
                _writer.Keep(item);
                break;
            case TraceStateChange.Raise when span.TraceState.IsEmpty:
                _writer.Keep(item, policy.TraceState);
                break;
            case TraceStateChange.Raise:
                _writer.Rewrite(item, sample, span.TraceState, policy.Text);
                break;
            default:
                _writer.Rewrite(item, sample, span.TraceState, default);
                break;
        }

        return true;
    }

    private readonly void Kept(in SpanView span, int series, ulong duration)
    {
        batch.Kept++;
        if (shard.Spans.Red.WantsExemplar(series))
        {
            batch.Add(series, new Exemplar(
                BinaryPrimitives.ReadUInt64BigEndian(span.TraceId),
                BinaryPrimitives.ReadUInt64BigEndian(span.TraceId[8..]),
                BinaryPrimitives.ReadUInt64BigEndian(span.SpanId),
                duration,
                UnixNano: 0));
        }
    }
}
