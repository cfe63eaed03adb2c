using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>Walks over the links of a span that was found valid. Span: links = 13 {trace_id = 1, span_id = 2}.</summary>
public ref struct SpanLinks(ReadOnlySpan<byte> span)
{
    private ProtoReader _reader = new(span);

    /// <summary>16 bytes.</summary>
    public ReadOnlySpan<byte> TraceId { get; private set; }

    /// <summary>8 bytes.</summary>
    public ReadOnlySpan<byte> SpanId { get; private set; }

    /// <summary>The next link with ids of the right length; others link to nothing.</summary>
    public bool Next()
    {
        while (_reader.Next())
        {
            if (_reader.Tag is not (13, WireType.LengthDelimited))
            {
                _reader.Skip();
                continue;
            }

            var link = _reader.ReadNested();
            TraceId = default;
            SpanId = default;
            while (link.Next())
            {
                switch (link.Tag)
                {
                    case (1, WireType.LengthDelimited):
                        TraceId = link.ReadBytes();
                        break;
                    case (2, WireType.LengthDelimited):
                        SpanId = link.ReadBytes();
                        break;
                    default:
                        link.Skip();
                        break;
                }
            }

            if (TraceId.Length == 16 && SpanId.Length == 8)
            {
                return true;
            }
        }

        return false;
    }
}
