namespace Gantry.Agent.Host;

/// <summary>Walks over the text of a kernel file: lines, words, numbers. It never throws; a missing word is empty, a bad number is 0.</summary>
internal ref struct TextCursor(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool NextLine(out ReadOnlySpan<byte> line)
    {
        if (_rest.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }

    /// <summary>The next run of bytes without blanks; empty at the end.</summary>
    public ReadOnlySpan<byte> Word()
    {
        _rest = _rest.TrimStart(" \t"u8);
        var end = _rest.IndexOfAny(" \t\n"u8);
        var word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return word;
    }

    public void Skip(int words)
    {
        for (var i = 0; i < words; i++)
        {
            Word();
        }
    }

    /// <summary>The next word as a number; 0 when it is none.</summary>
    public ulong Number() => TryParse(Word(), out var value) ? value : 0;

    public static bool TryParse(ReadOnlySpan<byte> word, out ulong value)
    {
        value = 0;
        // 19 digits always fit; longer ones are not numbers that the kernel writes.
        if (word.IsEmpty || word.Length > 19)
        {
            return false;
        }

        foreach (var digit in word)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (uint)(digit - '0');
        }

        return true;
    }
}
