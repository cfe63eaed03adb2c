using Gantry.Gateway.Observe;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Metrics;

/// <summary>Walks the attributes of a canonical span key without making strings of them: there may be 250,000 keys.</summary>
internal ref struct SpanDimensions(ReadOnlySpan<byte> key)
{
    private ProtoReader _values = new(SpanKey.ValuesIn(key));
    private uint _present = SpanKey.PresentIn(key);

    public SpanAttribute Attribute { get; private set; }

    /// <summary>UTF-8, not empty.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Next()
    {
        // In a canonical key every value is text.
        if (_present == 0 || !_values.Next())
        {
            return false;
        }

        Attribute = CapturedAttributes.Take(ref _present);
        Value = _values.ReadBytes();
        return true;
    }
}
