namespace Gantry.Estate.Red;

/// <summary>
/// Folds names of operations that hold ids, which would make a series of each: <c>GET /users/123</c> → <c>GET /users/{id}</c>. docs/findings.md has the
/// rule in words; it is the same for every service.
/// </summary>
/// <remarks>
/// A name is cut at spaces and at <c>/ : , = ( ) [ ] &amp; ; |</c>; what is between is a word. A word is an id when it is
/// a number of any length behind '/' '=' ':' '(' '[' or ',', elsewhere of four digits or more; a UUID; eight hex digits or more with a
/// decimal one among them, or sixteen without; sixteen letters, digits, '-' or '_' or more with at least four digits; digits with '-', '.' or '_' among
/// them, six or more; or something with an '@'. A query string goes. SQL loses its literals (<see cref="SqlText"/>).
/// </remarks>
public static class OperationNames
{
    /// <summary>What stands for an id.</summary>
    public static ReadOnlySpan<byte> Id => "{id}"u8;

    /// <param name="target">At least as long as <paramref name="name"/>, and at least 256 bytes.</param>
    /// <param name="length">Bytes written, also when nothing was folded.</param>
    /// <returns>Whether it was folded.</returns>
    public static bool Fold(ReadOnlySpan<byte> name, Span<byte> target, out int length)
    {
        if (SqlText.IsSql(name))
        {
            return SqlText.Fold(name, target, out length);
        }

        length = 0;
        var folded = false;
        var separator = (byte)' ';
        while (!name.IsEmpty)
        {
            var end = name.IndexOfAny(Separators);
            var word = end < 0 ? name : name[..end];
            var query = word.IndexOf((byte)'?');
            if (query > 0 && separator == '/')
            {
                // Everything behind it is values.
                folded |= Put(word[..query], separator, target, ref length);
                return true;
            }

            folded |= Put(word, separator, target, ref length);
            if (end < 0)
            {
                break;
            }

            separator = name[end];
            if (length == target.Length)
            {
                break;
            }

            target[length++] = separator;
            name = name[(end + 1)..];
        }

        return folded;
    }

    private static readonly System.Buffers.SearchValues<byte> Separators = System.Buffers.SearchValues.Create(" /:,=()[]&;|"u8);

    private static bool Put(ReadOnlySpan<byte> word, byte separator, Span<byte> target, ref int length)
    {
        var isId = IsId(word, separator);
        // "{id}" is longer than "7": a name of many short ids could outgrow its room, so from there on words stay as they are.
        if (isId && target.Length - length >= 64)
        {
            word = Id;
        }
        else
        {
            isId = false;
        }

        word = word[..Math.Min(word.Length, Math.Max(0, target.Length - length - 1))];
        word.CopyTo(target[length..]);
        length += word.Length;
        return isId;
    }

    /// <param name="separator">What stands before the word.</param>
    internal static bool IsId(ReadOnlySpan<byte> word, byte separator)
    {
        var shape = WordShape.Of(word);
        if (shape.Digits == 0)
        {
            return shape.IsHex && word.Length >= 16 || (shape.HasAt && word.Length > 2);
        }

        if (shape.Digits == word.Length)
        {
            return word.Length >= 4 || separator is (byte)'/' or (byte)'=' or (byte)':' or (byte)'(' or (byte)'[' or (byte)',';
        }

        return (shape.IsHex && word.Length >= 8)
            || shape.IsUuid(word)
            || (shape.IsDigitsAndMarks && shape.Digits >= 6)
            || (shape.IsToken && word.Length >= 16 && shape.Digits >= 4)
            || shape.HasAt;
    }
}
