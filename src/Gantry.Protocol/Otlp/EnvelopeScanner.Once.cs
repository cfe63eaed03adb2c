using Gantry.Protocol.Otlp.Schema;
using static Gantry.Protocol.Wire.WireScan;

namespace Gantry.Protocol.Otlp;

/// <summary>
/// The same walk in a single pass, for blocks in the order in which every SDK writes them: header, items, the rest. A block in another order is legal
/// (its header may stand behind its items, or come in pieces); then the sink starts again and the careful walk does it.
/// </summary>
public static partial class EnvelopeScanner
{
    private enum Walk
    {
        Done,
        Malformed,

        /// <summary>Only the careful walk can tell.</summary>
        Unusual,
    }

    /// <summary>As <see cref="Scan"/>, and faster: each block is passed over once.</summary>
    public static bool ScanOnce<TSink>(ReadOnlySpan<byte> request, ref TSink sink)
        where TSink : struct, IRestartableSink, allows ref struct
    {
        switch (RequestOnce(request, ref sink))
        {
            case Walk.Done:
                return true;
            case Walk.Malformed:
                return false;
            default:
                sink.Restart();
                return Scan(request, ref sink);
        }
    }

    private static Walk RequestOnce<TSink>(ReadOnlySpan<byte> request, ref TSink sink)
        where TSink : struct, IRestartableSink, allows ref struct
    {
        var position = 0;
        while (position < request.Length)
        {
            if (request[position] != First)
            {
                return Walk.Unusual;
            }

            position = Length(request, position + 1, request.Length, out var blockEnd);
            if (position < 0)
            {
                return Walk.Malformed;
            }

            var walk = ResourceOnce(request[position..blockEnd], ref sink);
            if (walk != Walk.Done)
            {
                return walk;
            }

            position = blockEnd;
        }

        return Walk.Done;
    }

    private static Walk ResourceOnce<TSink>(ReadOnlySpan<byte> block, ref TSink sink)
        where TSink : struct, IRestartableSink, allows ref struct
    {
        var position = HeaderOnce(block, out var resource);
        if (position < 0)
        {
            return Walk.Unusual;
        }

        if ((!sink.Knows(resource) && !SchemaValidator.IsValid(OtlpSchema.Resource, resource, depth: 2)) || !sink.Resource(resource, block[..position]))
        {
            return Walk.Malformed;
        }

        while (position < block.Length && block[position] == Second)
        {
            var start = Length(block, position + 1, block.Length, out position);
            if (start < 0)
            {
                return Walk.Malformed;
            }

            var walk = ScopeOnce(block[start..position], ref sink);
            if (walk != Walk.Done)
            {
                return walk;
            }
        }

        var tail = block[position..];
        if (!IsPlainTail(tail))
        {
            return Walk.Unusual;
        }

        sink.EndResource(tail);
        return Walk.Done;
    }

    private static Walk ScopeOnce<TSink>(ReadOnlySpan<byte> block, ref TSink sink)
        where TSink : struct, IRestartableSink, allows ref struct
    {
        ReadAhead(block);
        var position = HeaderOnce(block, out var scope);
        if (position < 0)
        {
            return Walk.Unusual;
        }

        if (!SchemaValidator.IsValid(OtlpSchema.Scope, scope, depth: 3) || !sink.Scope(scope, block[..position]))
        {
            return Walk.Malformed;
        }

        while (position < block.Length && block[position] == Second)
        {
            var start = Length(block, position + 1, block.Length, out position);
            if (start < 0 || !sink.Item(block[start..position]))
            {
                return Walk.Malformed;
            }
        }

        var tail = block[position..];
        if (!IsPlainTail(tail))
        {
            return Walk.Unusual;
        }

        sink.EndScope(tail);
        return Walk.Done;
    }

    /// <returns>Where the first item should stand; negative unless the header comes first and alone.</returns>
    private static int HeaderOnce(ReadOnlySpan<byte> block, out ReadOnlySpan<byte> header)
    {
        header = default;
        if (block.IsEmpty || block[0] != First)
        {
            return Bad;
        }

        var start = Length(block, 1, block.Length, out var end);
        if (start < 0)
        {
            return Bad;
        }

        header = block[start..end];
        return end;
    }

    /// <summary>Nothing, or a valid schema_url and nothing else.</summary>
    private static bool IsPlainTail(ReadOnlySpan<byte> tail)
    {
        if (tail.IsEmpty)
        {
            return true;
        }

        if (tail[0] != Third)
        {
            return false;
        }

        var start = Length(tail, 1, tail.Length, out var end);
        return start >= 0 && end == tail.Length && IsText(tail, start, end);
    }
}
