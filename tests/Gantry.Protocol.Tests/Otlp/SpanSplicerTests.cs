using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Tests.Messages;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

public sealed class SpanSplicerTests
{
    [Fact]
    public void Only_spans_with_invalid_ids_are_missing_from_the_copy()
    {
        var dropped = 0;
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var bytes = Rearranged.Bytes(new RandomMessage(random) { MaxItems = 3 }.Next<Theirs.ExportTraceServiceRequest>(), random);
            var expected = Theirs.ExportTraceServiceRequest.Parser.ParseFrom(bytes);
            foreach (var spans in expected.ResourceSpans.SelectMany(block => block.ScopeSpans).Select(scope => scope.Spans))
            {
                foreach (var span in spans.Where(span => !IsValid(span)).ToArray())
                {
                    spans.Remove(span);
                    dropped++;
                }
            }

            using var copy = SpanSplicer.WithoutInvalid(bytes);

            Assert.Equal(expected, Theirs.ExportTraceServiceRequest.Parser.ParseFrom(copy.Written));
        }

        Assert.True(dropped > 100, $"only {dropped} spans were dropped");
    }

    private static bool IsValid(Theirs.Span span) =>
        span.TraceId.Length == 16 && span.TraceId.Any(b => b != 0) && span.SpanId.Length == 8 && span.SpanId.Any(b => b != 0) && span.ParentSpanId.Length is 0 or 8;
}
