using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// The bytes that spans of one instrumentation have in common: a span that fits is valid, and says the same as the span the shape was learned from in
/// everything but ids, times and the values that nobody looks at. So one compare does the work of reading, validating and looking up.
/// </summary>
/// <remarks>
/// Each byte of the learned span is either fixed (tags, lengths, keys, values that statistics are kept by), or must have the same high bit (text is
/// ASCII, a number goes on where it went on), or is free (ids, times). Values that were seen to differ in length are jumped over (<see cref="ShapeJump"/>): what stands between jumps is
/// compared where the jumps before it have moved it to.
/// <code>
///   span      0A 10 trace id  12 08 span id  2A 03 GET 30 03 39 start   41 end     4A n 0A 0B url.  path 12 v 0A t  /cart  4A ...
///   mask      ## ## ......... ## ## .......  ## ## ### ## ## ## ....... ## ....... ## . ## ## ####  #### ## . ## .  (jump) ## ...
/// </code>
/// Learned by <see cref="SpanForm"/>, which takes only what <see cref="SpanScanner"/> has accepted.
/// </remarks>
public sealed class SpanShape
{
    /// <summary>Bytes that are compared at once.</summary>
    internal const int Step = 64;

    internal const int MaxJumps = 16;

    private readonly byte[] _template;
    private readonly byte[] _mask;
    private readonly ShapeBlock[] _blocks;
    private readonly ShapeJump[] _jumps;
    private readonly ShapeFields _fields;
    private readonly int _length;

    internal SpanShape(byte[] template, byte[] mask, ShapeBlock[] blocks, ShapeJump[] jumps, in ShapeFields fields, int length)
    {
        (_template, _mask, _blocks, _jumps, _fields, _length) = (template, mask, blocks, jumps, fields, length);
    }

    /// <summary>What it takes, about.</summary>
    public int Bytes => (2 * _template.Length) + (_blocks.Length * 6) + (_jumps.Length * 24) + 200;

    /// <summary>Equal for spans that differ at most in the length of values that can be jumped over.</summary>
    public required ulong Identity { get; init; }

    /// <summary>Bit n: the n-th value that can be jumped over is.</summary>
    internal ulong Jumped { get; init; }

    /// <summary>Lengths of those values in the span it was learned from.</summary>
    internal byte[] ValueLengths { get; init; } = [];

    /// <returns>Whether the span fits; then it is valid and <paramref name="view"/> is what <see cref="SpanScanner.TryRead"/> reads, but for flags and attributes.</returns>
    public bool Matches(ReadOnlySpan<byte> span, out SpanView view)
    {
        Unsafe.SkipInit(out view);
        Span<int> shifts = stackalloc int[MaxJumps + 1];
        var shift = 0;
        shifts[0] = 0;
        var jumps = _jumps;
        for (var i = 0; i < jumps.Length; i++)
        {
            shift = jumps[i].Over(span, shift);
            if (shift == ShapeJump.Failed)
            {
                return false;
            }

            shifts[i + 1] = shift;
        }

        if (span.Length != _length + shift || span.Length < Step || !Fits(span, shifts))
        {
            return false;
        }

        _fields.Read(span, out view);
        return true;
    }

    /// <remarks>Reads are within the span, because each begins at its last step or before; and within the template, which has a step to spare on both sides.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Fits(ReadOnlySpan<byte> span, ReadOnlySpan<int> shifts)
    {
        ref var data = ref MemoryMarshal.GetReference(span);
        ref var template = ref MemoryMarshal.GetArrayDataReference(_template);
        ref var mask = ref MemoryMarshal.GetArrayDataReference(_mask);
        // The last step is taken so that it ends with the span: what it reads again was right before, or the mask lets it pass.
        var last = span.Length - Step;
        var differs = Vector512<byte>.Zero;
        foreach (var block in _blocks)
        {
            var at = block.At + shifts[block.Jumps];
            var from = Math.Min(at, last);
            var expected = (nuint)(block.Template + from - at);
            differs |= (Vector512.LoadUnsafe(ref data, (nuint)from) ^ Vector512.LoadUnsafe(ref template, expected)) & Vector512.LoadUnsafe(ref mask, expected);
        }

        return differs == Vector512<byte>.Zero;
    }
}

/// <param name="At">Where it stands in the span that was learned.</param>
/// <param name="Template">Where it stands in the template.</param>
/// <param name="Jumps">Jumps before it.</param>
internal readonly record struct ShapeBlock(ushort At, ushort Template, ushort Jumps);

/// <summary>Where the fields of a span stand; before the first jump, so always there.</summary>
/// <param name="Parent">0: there is none.</param>
/// <param name="StateLength">0: there is no trace state.</param>
internal readonly record struct ShapeFields(
    byte Trace, byte Span, byte Parent, byte State, byte StateLength, ushort Name, byte NameLength, ushort Start, ushort End, byte Kind, byte Status)
{
    /// <param name="span">One that fits; so it is long enough for all of this.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Read(ReadOnlySpan<byte> span, out SpanView view)
    {
        Unsafe.SkipInit(out view);
        ref var origin = ref MemoryMarshal.GetReference(span);
        view.TraceId = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref origin, Trace), 16);
        view.SpanId = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref origin, Span), 8);
        view.ParentSpanId = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref origin, Parent), Parent == 0 ? 0 : 8);
        view.TraceState = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref origin, State), StateLength);
        view.Name = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref origin, Name), NameLength);
        view.Kind = Kind;
        view.StartUnixNano = Start == 0 ? 0 : Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref origin, Start));
        view.EndUnixNano = End == 0 ? 0 : Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref origin, End));
        view.StatusCode = Status;
        view.Flags = 0;
        view.Attributes.Reset();
    }
}
