namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>Pairs as .NET prints them: "[id, 42],[name, x]", without any escaping. A pair ends at "],[", or at the end.</summary>
internal ref struct PairText(ReadOnlySpan<char> text)
{
    private const int Most = 64;

    private ReadOnlySpan<char> _rest = text;
    private int _count;

    public ReadOnlySpan<char> Key { get; private set; }

    public ReadOnlySpan<char> Value { get; private set; }

    public bool Next()
    {
        var comma = _rest.IndexOf(", ");
        if (_rest is not ['[', ..] || comma < 1 || _count++ == Most)
        {
            return false;
        }

        Key = _rest[1..comma];
        var value = _rest[(comma + 2)..];
        var end = value.IndexOf("],[");
        Value = end >= 0 ? value[..end] : value.TrimEnd(']');
        _rest = end >= 0 ? value[(end + 2)..] : default;
        return true;
    }

    public static bool Has(ReadOnlySpan<char> text, ReadOnlySpan<char> key)
    {
        var pairs = new PairText(text);
        while (pairs.Next())
        {
            if (pairs.Key.SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }
}
