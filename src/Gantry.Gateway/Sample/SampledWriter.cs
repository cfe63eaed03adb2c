using Gantry.Estate.Sampling;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Sample;

/// <summary>
/// Writes the kept spans of a request as a request: blocks are opened when their first span is kept, so that none is empty, and their other fields
/// are copied as they came. A span's bytes are copied too; only trace_state is written anew, at the end of the span.
/// </summary>
internal ref struct SampledWriter(ProtoWriter output)
{
    private const byte SpanTag = 0x12;
    private const byte TraceStateTag = 0x1A;
    private const int TraceStateField = 3;

    // Blocks are some kilobytes: with room for two bytes of length the content need not move when the length is known.
    private const int LengthBytes = 2;

    private ReadOnlySpan<byte> _resourceHead;
    private ReadOnlySpan<byte> _scopeHead;
    private int _resourceMark;
    private int _scopeMark;

    /// <param name="head">Fields of the block that stand before its scopes.</param>
    public void Resource(ReadOnlySpan<byte> head) => _resourceHead = head;

    public void Scope(ReadOnlySpan<byte> head) => _scopeHead = head;

    /// <param name="tail">Fields of the block that stand behind its spans.</param>
    public void EndScope(ReadOnlySpan<byte> tail)
    {
        if (_scopeMark > 0)
        {
            output.Raw(tail);
            output.End(_scopeMark, LengthBytes);
            _scopeMark = 0;
        }
    }

    public void EndResource(ReadOnlySpan<byte> tail)
    {
        if (_resourceMark > 0)
        {
            output.Raw(tail);
            output.End(_resourceMark, LengthBytes);
            _resourceMark = 0;
        }
    }

    public void Keep(scoped ReadOnlySpan<byte> span)
    {
        Open();
        output.PresentBytes(2, span);
    }

    /// <param name="traceState">Of a span that has none.</param>
    public void Keep(scoped ReadOnlySpan<byte> span, scoped ReadOnlySpan<byte> traceState)
    {
        Open();
        // A threshold is 14 digits at most: "ot=th:" and it are shorter than 128 bytes.
        var length = span.Length + 2 + traceState.Length;
        var size = ProtoWriter.VarintSize((ulong)length);
        var target = output.Reserve(1 + size + length);
        target[0] = SpanTag;
        ProtoWriter.WriteVarint(target[1..], (ulong)length);
        target = target[(1 + size)..];
        span.CopyTo(target);
        target[span.Length] = TraceStateTag;
        target[span.Length + 1] = (byte)traceState.Length;
        traceState.CopyTo(target[(span.Length + 2)..]);
    }

    /// <summary>A span that has a tracestate, whose <c>ot</c> changes.</summary>
    /// <param name="threshold">Empty erases it.</param>
    public void Rewrite(scoped ReadOnlySpan<byte> span, scoped SpanSample sample, scoped ReadOnlySpan<byte> traceState, scoped ReadOnlySpan<byte> threshold)
    {
        Open();
        var mark = output.Begin(2, LengthBytes);
        var reader = new ProtoReader(span);
        var start = 0;
        while (reader.Next())
        {
            reader.Skip();
            if (reader.Field != TraceStateField || reader.WireType != WireType.LengthDelimited)
            {
                output.Raw(span[start..reader.Position]);
            }

            start = reader.Position;
        }

        Span<byte> room = stackalloc byte[1024];
        var longest = OtTraceState.RewrittenLength(traceState);
        var target = longest <= room.Length ? room : new byte[longest];
        var length = sample.Rewrite(traceState, threshold, target);
        output.Bytes(TraceStateField, target[..length]);
        output.End(mark, LengthBytes);
    }

    private void Open()
    {
        if (_scopeMark > 0)
        {
            return;
        }

        if (_resourceMark == 0)
        {
            _resourceMark = output.Begin(1, LengthBytes);
            output.Raw(_resourceHead);
        }

        _scopeMark = output.Begin(2, LengthBytes);
        output.Raw(_scopeHead);
    }
}
