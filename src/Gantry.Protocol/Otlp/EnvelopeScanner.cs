using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Wire;
using static Gantry.Protocol.Wire.WireScan;

namespace Gantry.Protocol.Otlp;

/// <summary>
/// Walks the wrapping that all OTLP signals share, without making an object:
/// request {resource_X = 1 {resource = 1, scope_X = 2 {scope = 1, items = 2, schema_url = 3}, schema_url = 3}}.
/// </summary>
public static partial class EnvelopeScanner
{
    private const byte First = 0x0A;
    private const byte Second = 0x12;
    private const byte Third = 0x1A;

    /// <returns>False when the bytes are malformed or the sink said stop; what the sink was given until then must not be used.</returns>
    public static bool Scan<TSink>(ReadOnlySpan<byte> request, ref TSink sink)
        where TSink : struct, IEnvelopeSink, allows ref struct
    {
        var position = 0;
        while (position < request.Length)
        {
            if (request[position] != First)
            {
                position = Unknown(request, position, request.Length);
                if (position < 0)
                {
                    return false;
                }

                continue;
            }

            position = Length(request, position + 1, request.Length, out var blockEnd);
            if (position < 0 || !ResourceBlock(request[position..blockEnd], ref sink))
            {
                return false;
            }

            position = blockEnd;
        }

        return true;
    }

    private static bool ResourceBlock<TSink>(ReadOnlySpan<byte> block, ref TSink sink)
        where TSink : struct, IEnvelopeSink, allows ref struct
    {
        // The resource may legally stand behind the scopes it is for, and twice: so it is looked up first.
        if (!Header(block, OtlpSchema.Resource, depth: 2, out var resource, out var head, out var tail) || !sink.Resource(resource, head))
        {
            return false;
        }

        var position = 0;
        while (position < block.Length)
        {
            if (block[position] != Second)
            {
                position = Unknown(block, position, block.Length);
                continue;
            }

            position = Length(block, position + 1, block.Length, out var scopeEnd);
            if (!ScopeBlock(block[position..scopeEnd], ref sink))
            {
                return false;
            }

            position = scopeEnd;
        }

        sink.EndResource(tail);
        return true;
    }

    private static bool ScopeBlock<TSink>(ReadOnlySpan<byte> block, ref TSink sink)
        where TSink : struct, IEnvelopeSink, allows ref struct
    {
        ReadAhead(block);
        if (!Header(block, OtlpSchema.Scope, depth: 3, out var scope, out var head, out var tail) || !sink.Scope(scope, head))
        {
            return false;
        }

        var position = 0;
        while (position < block.Length)
        {
            if (block[position] != Second)
            {
                position = Unknown(block, position, block.Length);
                continue;
            }

            position = Length(block, position + 1, block.Length, out var itemEnd);
            if (!sink.Item(block[position..itemEnd]))
            {
                return false;
            }

            position = itemEnd;
        }

        sink.EndScope(tail);
        return true;
    }

    /// <summary>Passes over a whole block once: checks its own fields, validates schema_url, and finds and validates field 1.</summary>
    /// <param name="head">Fields that stand before the first item; all that are none, where they stand mixed.</param>
    /// <param name="tail">Fields that stand behind the last item.</param>
    private static bool Header(ReadOnlySpan<byte> block, MessageSchema schema, int depth, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> tail)
    {
        header = default;
        head = default;
        tail = default;
        var pieces = 0;
        var (itemsStart, itemsEnd, isMixed) = (-1, -1, false);
        var position = 0;
        while (position < block.Length)
        {
            var start = position;
            var tag = block[position];
            if (tag is not (First or Second or Third))
            {
                position = Unknown(block, position, block.Length);
                if (position < 0)
                {
                    return false;
                }

                continue;
            }

            position = Length(block, position + 1, block.Length, out var payloadEnd);
            if (position < 0 || (tag == Third && !IsText(block, position, payloadEnd)))
            {
                return false;
            }

            if (tag == Second)
            {
                isMixed |= itemsEnd >= 0 && itemsEnd != start;
                itemsStart = itemsStart < 0 ? start : itemsStart;
                itemsEnd = payloadEnd;
            }
            else if (tag == First)
            {
                // Every piece is a message by itself: two halves that are whole only together are malformed.
                header = block[position..payloadEnd];
                if (!SchemaValidator.IsValid(schema, header, depth))
                {
                    return false;
                }

                pieces++;
            }

            position = payloadEnd;
        }

        header = pieces > 1 ? Join(block, payloads: true) : header;
        head = itemsStart < 0 ? block : isMixed ? Join(block, payloads: false) : block[..itemsStart];
        tail = itemsStart < 0 || isMixed ? default : block[itemsEnd..];
        return true;
    }

    /// <summary>
    /// Protobuf merges a message that comes in pieces; joining the bytes is the same thing. No SDK sends such blocks, so this may allocate, but only
    /// once: a request of many small pieces must not cost its square.
    /// </summary>
    /// <param name="block">Well formed.</param>
    /// <param name="payloads">True: the payloads of field 1. False: every field that is not an item, whole.</param>
    private static byte[] Join(ReadOnlySpan<byte> block, bool payloads)
    {
        var joined = new byte[block.Length];
        var written = 0;
        var position = 0;
        while (position < block.Length)
        {
            var start = position;
            var tag = block[position];
            position = Unknown(block, position, block.Length);
            if (payloads && tag == First)
            {
                start = Length(block, start + 1, block.Length, out position);
            }
            else if (payloads || tag == Second)
            {
                continue;
            }

            block[start..position].CopyTo(joined.AsSpan(written));
            written += position - start;
        }

        return joined[..written];
    }
}
