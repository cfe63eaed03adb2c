namespace Gantry.Estate.Red;

/// <summary>What a word is made of, from one look at each byte.</summary>
/// <param name="Digits">Decimal digits in it.</param>
/// <param name="IsHex">Nothing but hex digits.</param>
/// <param name="IsDigitsAndMarks">Nothing but digits, '-', '.' and '_'.</param>
/// <param name="IsToken">Nothing but ASCII letters, digits, '-' and '_'.</param>
/// <param name="Hyphens">How many '-'.</param>
internal readonly record struct WordShape(int Digits, bool IsHex, bool IsDigitsAndMarks, bool IsToken, bool HasAt, int Hyphens)
{
    public static WordShape Of(ReadOnlySpan<byte> word)
    {
        var (digits, hex, marks, letters, hyphens, underscores, at) = (0, 0, 0, 0, 0, 0, false);
        foreach (var c in word)
        {
            var lower = (byte)(c | 0x20);
            digits += c is >= (byte)'0' and <= (byte)'9' ? 1 : 0;
            letters += lower is >= (byte)'a' and <= (byte)'z' ? 1 : 0;
            hex += lower is >= (byte)'a' and <= (byte)'f' ? 1 : 0;
            hyphens += c == '-' ? 1 : 0;
            underscores += c == '_' ? 1 : 0;
            marks += c == '.' ? 1 : 0;
            at |= c == '@';
        }

        var length = word.Length;
        return new WordShape(
            digits,
            length > 0 && digits + hex == length,
            digits + hyphens + underscores + marks == length,
            digits + letters + hyphens + underscores == length,
            at,
            hyphens);
    }

    /// <summary>8-4-4-4-12 hex digits, perhaps in braces.</summary>
    public bool IsUuid(ReadOnlySpan<byte> word)
    {
        if (word is [(byte)'{', .., (byte)'}'])
        {
            word = word[1..^1];
        }

        return Hyphens == 4 && word.Length == 36 && System.Buffers.Text.Utf8Parser.TryParse(word, out Guid _, out var used, 'D') && used == 36;
    }
}
