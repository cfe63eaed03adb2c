namespace Gantry.Estate.Resources;

/// <summary>The difference of two texts by lines.</summary>
public static class LineDiff
{
    /// <summary>Unchanged lines shown around a change.</summary>
    private const int Around = 3;

    /// <summary>Pairs of lines compared. Beyond it what lies between the first and the last difference is shown as one change.</summary>
    private const int MostPairs = 1_000_000;

    /// <summary>Lines with "-" (only before), "+" (only after) or a blank in front, and "@@ -LINE +LINE @@" over each part; empty where the texts are equal.</summary>
    public static IReadOnlyList<string> Of(string before, string after)
    {
        var (a, b) = (Lines(before), Lines(after));
        var all = Marked(a, b);
        var shown = new bool[all.Count];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Mark != ' ')
            {
                shown.AsSpan(Math.Max(0, i - Around)..Math.Min(all.Count, i + Around + 1)).Fill(true);
            }
        }

        var lines = new List<string>();
        for (var i = 0; i < all.Count; i++)
        {
            if (shown[i])
            {
                if (i == 0 || !shown[i - 1])
                {
                    lines.Add($"@@ -{all[i].Before} +{all[i].After} @@");
                }

                lines.Add($"{all[i].Mark}{all[i].Text}");
            }
        }

        return lines;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static List<(char Mark, string Text, int Before, int After)> Marked(string[] a, string[] b)
    {
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var (i, j) = (head, head);
        var (endA, endB) = (a.Length - tail, b.Length - tail);
        var marked = new List<(char, string, int, int)>();
        marked.AddRange(a.Take(head).Select((line, index) => (' ', line, index + 1, index + 1)));
        var common = Common(a.AsSpan(head, endA - head), b.AsSpan(head, endB - head));
        while (i < endA || j < endB)
        {
            if (i < endA && j < endB && a[i] == b[j] && common is not null)
            {
                marked.Add((' ', a[i], ++i, ++j));
            }
            else if (i < endA && (j == endB || common is null || common[i - head + 1, j - head] >= common[i - head, j - head + 1]))
            {
                marked.Add(('-', a[i], ++i, j + 1));
            }
            else
            {
                marked.Add(('+', b[j], i + 1, ++j));
            }
        }

        marked.AddRange(a.Skip(endA).Select((line, index) => (' ', line, endA + index + 1, endB + index + 1)));
        return marked;
    }

    /// <summary>Length of the longest common part behind each pair of lines; null where that is too much work.</summary>
    private static int[,]? Common(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        if ((long)a.Length * b.Length > MostPairs)
        {
            return null;
        }

        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
