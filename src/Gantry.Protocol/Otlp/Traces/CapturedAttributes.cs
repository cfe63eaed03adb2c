using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>Where in a span's bytes the values of <see cref="SpanAttribute"/> stand, for those it has.</summary>
public struct CapturedAttributes
{
    private Places _places;

    /// <summary>Bit n is set when attribute n is there.</summary>
    public uint Present { get; private set; }

    /// <summary>What is captured from now on is another span's. Cheaper than a new one, whose places would be zeroed.</summary>
    internal void Reset() => Present = 0;

    /// <summary>Position and length of the value's field in its AnyValue, tag included: <c>0A len text</c>, <c>18 varint</c> or <c>10 varint</c>.</summary>
    public readonly (int Start, int Length) this[SpanAttribute attribute]
    {
        get
        {
            var place = _places[(int)attribute];
            return ((int)(place >> 32), (int)(uint)place);
        }
    }

    public readonly bool Has(SpanAttribute attribute) => (Present & (1u << (int)attribute)) != 0;

    /// <param name="key">From <see cref="AttributeKeys.Find"/>, not 0.</param>
    internal void Add(int key, int start, int length)
    {
        var attribute = (int)AttributeKeys.AttributeOf(key);
        var bit = 1u << attribute;
        if ((Present & bit) == 0 || !AttributeKeys.IsOld(key))
        {
            Present |= bit;
            _places[attribute] = ((ulong)(uint)start << 32) | (uint)length;
        }
    }

    /// <summary>The next attribute of a set of bits, which it is taken from.</summary>
    public static SpanAttribute Take(ref uint present)
    {
        var attribute = BitOperations.TrailingZeroCount(present);
        present &= present - 1;
        return (SpanAttribute)attribute;
    }

    [InlineArray(SpanAttributes.Count)]
    private struct Places
    {
        private ulong _first;
    }
}
