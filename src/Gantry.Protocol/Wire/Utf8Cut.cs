using System.Text.Unicode;

namespace Gantry.Protocol.Wire;

public static class Utf8Cut
{
    /// <summary>At most <paramref name="most"/> bytes of valid UTF-8, cut between characters.</summary>
    public static ReadOnlySpan<byte> To(ReadOnlySpan<byte> text, int most)
    {
        var length = Math.Min(most, text.Length);
        while (length > 0 && !Utf8.IsValid(text[..length]))
        {
            length--;
        }

        return text[..length];
    }
}
