using System.Runtime.CompilerServices;
using Gantry.Protocol.Wire;
using static Gantry.Protocol.Wire.WireScan;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// Reads one span out of its bytes and validates all of it, down to every attribute, without an allocation. The switch is over whole tags
/// (number and wire type), so that a known field in a foreign wire type falls to the unknown ones, as in Google's parsers.
/// </summary>
public static class SpanScanner
{
    // Messages around a span: the request, the resource block, the scope block.
    private const int Depth = 3;

    public static bool TryRead(ReadOnlySpan<byte> data, out SpanView span)
    {
        Clear(out span);
        var position = 0;
        while (position < data.Length)
        {
            int end;
            switch (data[position])
            {
                case 0x0A: // trace_id
                    position = Length(data, position + 1, data.Length, out end);
                    if (position < 0)
                    {
                        return false;
                    }

                    span.TraceId = data[position..end];
                    position = end;
                    break;
                case 0x12: // span_id
                    position = Length(data, position + 1, data.Length, out end);
                    if (position < 0)
                    {
                        return false;
                    }

                    span.SpanId = data[position..end];
                    position = end;
                    break;
                case 0x1A: // trace_state
                    position = Text(data, position + 1, out span.TraceState);
                    break;
                case 0x22: // parent_span_id
                    position = Length(data, position + 1, data.Length, out end);
                    if (position < 0)
                    {
                        return false;
                    }

                    span.ParentSpanId = data[position..end];
                    position = end;
                    break;
                case 0x2A: // name
                    position = Text(data, position + 1, out span.Name);
                    break;
                case 0x30: // kind
                    position = Varint(data, position + 1, data.Length, out var kind);
                    span.Kind = (int)kind;
                    break;
                case 0x39: // start_time_unix_nano
                    position = Fixed64(data, position + 1, data.Length, out span.StartUnixNano);
                    break;
                case 0x41: // end_time_unix_nano
                    position = Fixed64(data, position + 1, data.Length, out span.EndUnixNano);
                    break;
                case 0x4A: // attributes, which come in a row
                    position = AttributeRun.Scan(data, position, Depth + 1, ref span.Attributes);
                    break;
                case 0x5A or 0x6A or 0x7A or 0x85: // events, links, status, flags (first byte of a two-byte tag)
                    position = Rare(data, position, ref span);
                    break;
                default:
                    position = Unknown(data, position, data.Length);
                    break;
            }

            if (position < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>As default, but for the places of attributes, which are written before they are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(out SpanView span)
    {
        Unsafe.SkipInit(out span);
        span.TraceId = default;
        span.SpanId = default;
        span.ParentSpanId = default;
        span.TraceState = default;
        span.Name = default;
        span.Kind = 0;
        span.StartUnixNano = 0;
        span.EndUnixNano = 0;
        span.StatusCode = 0;
        span.Flags = 0;
        span.Attributes.Reset();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Text(ReadOnlySpan<byte> data, int position, out ReadOnlySpan<byte> text)
    {
        position = Length(data, position, data.Length, out var end);
        if (position < 0 || !IsText(data, position, end))
        {
            text = default;
            return Bad;
        }

        text = data[position..end];
        return end;
    }

    private static int Rare(ReadOnlySpan<byte> data, int position, ref SpanView span)
    {
        var tag = data[position];
        if (tag == 0x85)
        {
            // flags = 16, fixed32: tag 133 is the bytes 85 01; another second byte is another field.
            if (data.Length - position < 6 || data[position + 1] != 0x01)
            {
                return Unknown(data, position, data.Length);
            }

            span.Flags = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data[(position + 2)..]);
            return position + 6;
        }

        position = Length(data, position + 1, data.Length, out var end);
        if (position < 0)
        {
            return Bad;
        }

        var ok = tag switch
        {
            0x5A => Event(data[position..end]),
            0x6A => Link(data[position..end]),
            _ => Status(data[position..end], ref span),
        };
        return ok ? end : Bad;
    }

    /// <summary>Event: time_unix_nano = 1, name = 2, attributes = 3.</summary>
    private static bool Event(ReadOnlySpan<byte> data) => TextAndAttributes(data, textTag: 0x12, attributesTag: 0x1A);

    /// <summary>Link: trace_id = 1, span_id = 2, trace_state = 3, attributes = 4.</summary>
    private static bool Link(ReadOnlySpan<byte> data) => TextAndAttributes(data, textTag: 0x1A, attributesTag: 0x22);

    private static bool TextAndAttributes(ReadOnlySpan<byte> data, byte textTag, byte attributesTag)
    {
        var position = 0;
        while (position < data.Length)
        {
            var tag = data[position];
            if (tag != textTag && tag != attributesTag)
            {
                position = Unknown(data, position, data.Length);
            }
            else
            {
                position = Length(data, position + 1, data.Length, out var end);
                if (position < 0
                    || !(tag == textTag ? IsText(data, position, end) : AttributeScan.KeyValue(data, position, end, Depth + 2)))
                {
                    return false;
                }

                position = end;
            }

            if (position < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Status: message = 2, code = 3. A status that comes twice merges, so a code stays until another one comes.</summary>
    private static bool Status(ReadOnlySpan<byte> data, ref SpanView span)
    {
        var position = 0;
        while (position < data.Length)
        {
            switch (data[position])
            {
                case 0x12:
                    position = Text(data, position + 1, out _);
                    break;
                case 0x18:
                    position = Varint(data, position + 1, data.Length, out var code);
                    span.StatusCode = (int)code;
                    break;
                default:
                    position = Unknown(data, position, data.Length);
                    break;
            }

            if (position < 0)
            {
                return false;
            }
        }

        return true;
    }
}
