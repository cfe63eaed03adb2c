using Gantry.Protocol.Wire;

namespace Gantry.Estate.Red;

/// <summary>SQL as a span's name: literals become '?', lists of them one, runs of white space one space.</summary>
internal static class SqlText
{
    public static bool IsSql(ReadOnlySpan<byte> name)
    {
        var space = name.IndexOfAny(" \t\r\n"u8);
        if (space is < 4 or > 8)
        {
            return false;
        }

        var verb = name[..space];
        // Whole statements only: "SELECT products" is a summary already, and folds to itself.
        return Is(verb, "SELECT"u8) || Is(verb, "INSERT"u8) || Is(verb, "UPDATE"u8) || Is(verb, "DELETE"u8) || Is(verb, "MERGE"u8) || Is(verb, "WITH"u8)
            || Is(verb, "REPLACE"u8) || Is(verb, "UPSERT"u8) || Is(verb, "CALL"u8) || Is(verb, "EXEC"u8);
    }

    /// <returns>Whether anything changed.</returns>
    public static bool Fold(ReadOnlySpan<byte> sql, Span<byte> target, out int length)
    {
        length = 0;
        var i = 0;
        while (i < sql.Length && length < target.Length)
        {
            var c = sql[i];
            if (c == '\'')
            {
                i = EndOfText(sql, i);
                Literal(target, ref length);
            }
            else if (IsDigit(c) && (i == 0 || !IsNamePart(sql[i - 1])))
            {
                while (i < sql.Length && (IsDigit(sql[i]) || sql[i] is (byte)'.' or (byte)'x' or (byte)'e' or (byte)'E'))
                {
                    i++;
                }

                Literal(target, ref length);
            }
            else if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                i++;
                if (length > 0 && target[length - 1] != ' ')
                {
                    target[length++] = (byte)' ';
                }
            }
            else
            {
                target[length++] = c;
                i++;
            }
        }

        length = Utf8Cut.To(target[..length], length).Length;
        return !target[..length].SequenceEqual(sql);
    }

    /// <summary>A list of literals is one: "IN (?, ?, ?)" differs from call to call only in how many there are.</summary>
    private static void Literal(Span<byte> target, ref int length)
    {
        var before = target[..length];
        if (before.EndsWith("?, "u8))
        {
            length -= 2;
            return;
        }

        if (before.EndsWith("?,"u8))
        {
            length -= 1;
            return;
        }

        target[length++] = (byte)'?';
    }

    private static int EndOfText(ReadOnlySpan<byte> sql, int start)
    {
        // A quote inside is doubled; two texts in a row read the same and fold the same.
        var i = start + 1;
        while (i < sql.Length && sql[i] != '\'')
        {
            i++;
        }

        return Math.Min(i + 1, sql.Length);
    }

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    private static bool IsNamePart(byte c) => IsDigit(c) || c is (byte)'_' or (byte)'$' or (byte)'@' || (c | 0x20) is >= 'a' and <= 'z';

    private static bool Is(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> upper)
    {
        if (verb.Length != upper.Length)
        {
            return false;
        }

        for (var i = 0; i < verb.Length; i++)
        {
            if ((verb[i] & 0xDF) != upper[i])
            {
                return false;
            }
        }

        return true;
    }
}
