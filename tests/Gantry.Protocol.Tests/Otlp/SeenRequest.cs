using System.Text;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Traces;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

/// <summary>A trace request as the scanners see it, copied out so that it can be compared with what the oracle parsed.</summary>
internal sealed class SeenRequest
{
    public List<SeenResource> Resources { get; } = [];

    /// <returns>Null when the scanners refuse the bytes.</returns>
    public static SeenRequest? Scan(ReadOnlySpan<byte> bytes)
    {
        var sink = new Sink(new SeenRequest());
        return EnvelopeScanner.Scan(bytes, ref sink) ? sink.Request : null;
    }

    public void AssertEquals(Theirs.ExportTraceServiceRequest theirs)
    {
        Assert.Equal(theirs.ResourceSpans.Count, Resources.Count);
        foreach (var (their, our) in theirs.ResourceSpans.Zip(Resources))
        {
            Assert.Equal(their.Resource ?? new(), Theirs.Resource.Parser.ParseFrom(our.Bytes));
            Assert.Equal(their.ScopeSpans.Count, our.Scopes.Count);
            foreach (var (theirScope, ourScope) in their.ScopeSpans.Zip(our.Scopes))
            {
                Assert.Equal(theirScope.Scope ?? new(), Theirs.InstrumentationScope.Parser.ParseFrom(ourScope.Bytes));
                Assert.Equal(theirScope.Spans.Count, ourScope.Spans.Count);
                foreach (var (theirSpan, ourSpan) in theirScope.Spans.Zip(ourScope.Spans))
                {
                    ourSpan.AssertEquals(theirSpan);
                }
            }
        }
    }

    public sealed record SeenResource(byte[] Bytes)
    {
        public List<SeenScope> Scopes { get; } = [];
    }

    public sealed record SeenScope(byte[] Bytes)
    {
        public List<SeenSpan> Spans { get; } = [];
    }

    private readonly struct Sink(SeenRequest request) : IEnvelopeSink
    {
        public SeenRequest Request => request;

        public bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head)
        {
            request.Resources.Add(new SeenResource(resource.ToArray()));
            return true;
        }

        public bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head)
        {
            request.Resources[^1].Scopes.Add(new SeenScope(scope.ToArray()));
            return true;
        }

        public readonly void EndScope(ReadOnlySpan<byte> tail)
        {
        }

        public readonly void EndResource(ReadOnlySpan<byte> tail)
        {
        }

        public bool Item(ReadOnlySpan<byte> item)
        {
            var ok = SpanScanner.TryRead(item, out var span);
            if (ok)
            {
                request.Resources[^1].Scopes[^1].Spans.Add(new SeenSpan(span));
            }

            return ok;
        }
    }
}

internal sealed class SeenSpan(SpanView view)
{
    private readonly byte[] _traceId = view.TraceId.ToArray();
    private readonly byte[] _spanId = view.SpanId.ToArray();
    private readonly byte[] _parent = view.ParentSpanId.ToArray();
    private readonly byte[] _traceState = view.TraceState.ToArray();
    private readonly byte[] _name = view.Name.ToArray();
    private readonly (int Kind, ulong Start, ulong End, int Status, uint Flags) _numbers =
        (view.Kind, view.StartUnixNano, view.EndUnixNano, view.StatusCode, view.Flags);

    private readonly ulong _duration = view.Duration;

    public void AssertEquals(Theirs.Span theirs)
    {
        Same(theirs.TraceId, _traceId);
        Same(theirs.SpanId, _spanId);
        Same(theirs.ParentSpanId, _parent);
        Same(theirs.TraceState, _traceState);
        Same(theirs.Name, _name);
        Assert.Equal((theirs.Kind, theirs.StartTimeUnixNano, theirs.EndTimeUnixNano, theirs.Status?.Code ?? 0, theirs.Flags), _numbers);
        Assert.Equal(theirs.EndTimeUnixNano < theirs.StartTimeUnixNano ? 0 : theirs.EndTimeUnixNano - theirs.StartTimeUnixNano, _duration);
    }

    // Not Assert.Equal over bytes: it is too slow for a fuzz run, and the message of a failure comes from the second line.
    private static void Same(ByteString theirs, byte[] ours)
    {
        if (!theirs.Span.SequenceEqual(ours))
        {
            Assert.Equal(theirs.ToByteArray(), ours);
        }
    }

    private static void Same(string theirs, byte[] ours)
    {
        if (!string.Equals(theirs, Encoding.UTF8.GetString(ours), StringComparison.Ordinal))
        {
            Assert.Equal(theirs, Encoding.UTF8.GetString(ours));
        }
    }
}
