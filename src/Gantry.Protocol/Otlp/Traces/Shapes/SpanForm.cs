using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// What each byte of a span is, from which a <see cref="SpanShape"/> is made. Knows spans as SDKs write them; any other (fields twice or in pieces, arrays,
/// events, text that is not ASCII) has no form, which costs time and nothing else.
/// </summary>
public sealed class SpanForm
{
    private const byte Fixed = 0xFF;
    private const byte HighBit = 0x80;
    private const byte Free = 0;

    /// <summary>Spans that are longer are few, and a shape takes twice its span.</summary>
    private const int MaxBytes = 4096;

    private readonly byte[] _span;
    private readonly byte[] _mask;
    private readonly bool[] _isLength;
    private readonly List<Value> _values;
    private readonly ShapeFields _fields;

    private SpanForm(byte[] span, SpanFormReader reader)
    {
        (_span, _mask, _isLength, _values, _fields) = (span, reader.Mask, reader.IsLength, reader.Values, reader.Fields);
        Identity = Hash();
    }

    /// <summary>Equal for spans that differ at most in the length of values that can be jumped over.</summary>
    public ulong Identity { get; }

    /// <param name="span">One that <see cref="SpanScanner"/> has read, with ids of the right length.</param>
    /// <param name="looked">Bit n: <see cref="SpanAttribute"/> n is looked at, so its value is part of the form.</param>
    /// <returns>Null when it has none.</returns>
    public static SpanForm? Of(ReadOnlySpan<byte> span, uint looked)
    {
        if (span.Length is < 64 or > MaxBytes)
        {
            return null;
        }

        var bytes = span.ToArray();
        var reader = new SpanFormReader(bytes, looked);
        return reader.TryRead() ? new SpanForm(bytes, reader) : null;
    }

    /// <param name="earlier">A shape of the same identity, which this span did not fit: values that have another length here will be jumped over.</param>
    /// <returns>Null when that would change nothing, or is too much.</returns>
    public SpanShape? ToShape(SpanShape? earlier = null)
    {
        var jumped = earlier?.Jumped ?? 0;
        if (earlier is not null)
        {
            for (var i = 0; i < _values.Count; i++)
            {
                jumped |= _values[i].Jump.Length != earlier.ValueLengths[i] ? 1UL << i : 0;
            }

            if (jumped == earlier.Jumped || System.Numerics.BitOperations.PopCount(jumped) > SpanShape.MaxJumps)
            {
                return null;
            }
        }

        return Build(jumped);
    }

    private SpanShape Build(ulong jumped)
    {
        var mask = (byte[])_mask.Clone();
        var jumps = new List<ShapeJump>();
        var segments = new List<Range>();
        var start = 0;
        for (var i = 0; i < _values.Count; i++)
        {
            if ((jumped & (1UL << i)) == 0)
            {
                continue;
            }

            var (jump, contentStart, contentEnd) = _values[i];
            mask[jump.At] = mask[jump.Inner] = mask[jump.Outer] = Free;
            jumps.Add(jump);
            segments.Add(start..contentStart);
            start = contentEnd;
        }

        segments.Add(start.._span.Length);
        return Pack(mask, segments, [.. jumps], jumped);
    }

    /// <summary>Segments stand apart by a step of zeros, so that a step that is moved reads nothing that counts.</summary>
    private SpanShape Pack(byte[] mask, List<Range> segments, ShapeJump[] jumps, ulong jumped)
    {
        const int Step = SpanShape.Step;
        var size = Step + segments.Sum(segment => RoundUp(segment.End.Value - segment.Start.Value) + Step);
        var (template, packed) = (new byte[size], new byte[size]);
        var blocks = new List<ShapeBlock>();
        var to = Step;
        for (var i = 0; i < segments.Count; i++)
        {
            var (start, end) = (segments[i].Start.Value, segments[i].End.Value);
            _span.AsSpan(start..end).CopyTo(template.AsSpan(to));
            mask.AsSpan(start..end).CopyTo(packed.AsSpan(to));
            for (var at = start; at < end; at += Step)
            {
                blocks.Add(new ShapeBlock((ushort)at, (ushort)(to + at - start), (ushort)i));
            }

            to += RoundUp(end - start) + Step;
        }

        return new SpanShape(template, packed, [.. blocks], jumps, _fields, _span.Length)
        {
            Identity = Identity,
            Jumped = jumped,
            ValueLengths = [.. _values.Select(value => value.Jump.Length)],
        };
    }

    private static int RoundUp(int length) => (length + SpanShape.Step - 1) / SpanShape.Step * SpanShape.Step;

    private ulong Hash()
    {
        var bytes = new byte[_span.Length];
        var length = 0;
        for (var i = 0; i < _span.Length; i++)
        {
            if (_mask[i] == Fixed && !_isLength[i])
            {
                bytes[length++] = _span[i];
            }
        }

        return SeededHash.Of(bytes.AsSpan(0, length), (ulong)_values.Count);
    }

    /// <param name="Jump">Over it, should it be jumped over.</param>
    internal readonly record struct Value(ShapeJump Jump, int Start, int End);
}
