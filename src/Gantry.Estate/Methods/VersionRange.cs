using System.Globalization;

namespace Gantry.Estate.Methods;

/// <summary>Ranges of versions as package managers write them: "&gt;=8", "^18.19 || &gt;=20.6" ("^" stays within the major number).</summary>
public static class VersionRange
{
    private const int Parts = 3;

    /// <summary>Longer texts are no version; they come from processes.</summary>
    private const int Longest = 64;

    /// <returns>Null: the text is no version.</returns>
    /// <param name="version">"20.20.2", "go1.22", "v18.19.0", "1.8.0_392".</param>
    public static bool? Contains(string range, string version)
    {
        if (Numbers(version) is not { } numbers)
        {
            return null;
        }

        foreach (var alternative in range.Split("||", StringSplitOptions.TrimEntries))
        {
            var caret = alternative[0] == '^';
            var least = Numbers(alternative[(caret ? 1 : 2)..]) ?? throw new FormatException($"'{range}' is no range of versions");
            if (Compare(numbers, least) >= 0 && (!caret || numbers[0] == least[0]))
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(int[] a, int[] b)
    {
        for (var i = 0; i < Parts; i++)
        {
            if (a[i] != b[i])
            {
                return a[i].CompareTo(b[i]);
            }
        }

        return 0;
    }

    /// <summary>Java called its versions 1.5 to 1.8 what everybody called 5 to 8.</summary>
    internal static string WithoutJavasOne(string version) => version.StartsWith("1.", StringComparison.Ordinal) ? version[2..] : version;

    private static int[]? Numbers(string text)
    {
        if (text.Length > Longest)
        {
            return null;
        }

        var numbers = new int[Parts];
        var at = 0;
        while (at < text.Length && !char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        var part = 0;
        for (; part < Parts && at < text.Length && char.IsAsciiDigit(text[at]); part++)
        {
            var begin = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (!int.TryParse(text.AsSpan(begin, at - begin), NumberStyles.None, CultureInfo.InvariantCulture, out numbers[part]))
            {
                return null;
            }

            if (at >= text.Length || text[at] != '.')
            {
                part++;
                break;
            }

            at++;
        }

        return part == 0 ? null : numbers;
    }
}
