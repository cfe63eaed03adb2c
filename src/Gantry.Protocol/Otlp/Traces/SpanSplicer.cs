using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>Copies a trace request without the spans whose ids are invalid. For requests the scanner accepted; not the fast path.</summary>
public static class SpanSplicer
{
    public static ProtoWriter WithoutInvalid(ReadOnlySpan<byte> request)
    {
        var writer = new ProtoWriter(request.Length + 64);
        CopyLevel(request, writer, level: 0);
        return writer;
    }

    /// <summary>Levels: 0 request (resource_spans = 1), 1 resource block (scope_spans = 2), 2 scope block (spans = 2).</summary>
    private static void CopyLevel(ReadOnlySpan<byte> message, ProtoWriter writer, int level)
    {
        var descend = level == 0 ? 1 : 2;
        var reader = new ProtoReader(message);
        var start = 0;
        while (reader.Next())
        {
            if (reader.Tag != (descend, WireType.LengthDelimited))
            {
                reader.Skip();
                writer.Raw(message[start..reader.Position]);
            }
            else
            {
                CopyChild(reader.ReadBytes(), writer, level, descend);
            }

            start = reader.Position;
        }
    }

    private static void CopyChild(ReadOnlySpan<byte> child, ProtoWriter writer, int level, int field)
    {
        if (level < 2)
        {
            var mark = writer.Begin(field);
            CopyLevel(child, writer, level + 1);
            writer.End(mark);
        }
        else if (SpanScanner.TryRead(child, out var span) && span.HasValidIds)
        {
            writer.PresentBytes(field, child);
        }
    }
}
