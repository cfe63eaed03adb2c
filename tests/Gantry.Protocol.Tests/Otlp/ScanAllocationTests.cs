using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Tests.Messages;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

/// <summary>What runs for every span makes no garbage.</summary>
public sealed class ScanAllocationTests
{
    private static readonly byte[] Request = Message<Theirs.ExportTraceServiceRequest>();

    [Fact]
    public void Scanning_a_trace_request_allocates_nothing()
    {
        var spans = 0;
        AllocatesNothing(() =>
        {
            var sink = default(CountingSink);
            Assert.True(EnvelopeScanner.Scan(Request, ref sink));
            spans = sink.Spans;
        });
        Assert.True(spans > 10, $"{spans} spans");
    }

    [Fact]
    public void Validating_a_request_of_any_signal_allocates_nothing()
    {
        var (metrics, logs) = (Message<Theirs.ExportMetricsServiceRequest>(), Message<Theirs.ExportLogsServiceRequest>());
        AllocatesNothing(() =>
        {
            Assert.True(SchemaValidator.IsValid(OtlpSchema.Traces, Request));
            Assert.True(SchemaValidator.IsValid(OtlpSchema.Metrics, metrics));
            Assert.True(SchemaValidator.IsValid(OtlpSchema.Logs, logs));
        });
    }

    private static void AllocatesNothing(Action action)
    {
        for (var i = 0; i < 50; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Requests one behind the other are one request.</summary>
    private static byte[] Message<T>()
        where T : IMessage, new() =>
        [.. Enumerable.Range(0, 10).SelectMany(seed => new RandomMessage(new Random(seed)) { Density = 1 }.Next<T>().ToByteArray())];

    private struct CountingSink : IEnvelopeSink
    {
        public int Spans { get; private set; }

        public readonly bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head) => true;

        public readonly bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head) => true;

        public readonly void EndScope(ReadOnlySpan<byte> tail)
        {
        }

        public readonly void EndResource(ReadOnlySpan<byte> tail)
        {
        }

        public bool Item(ReadOnlySpan<byte> item)
        {
            Spans++;
            return SpanScanner.TryRead(item, out _);
        }
    }
}
