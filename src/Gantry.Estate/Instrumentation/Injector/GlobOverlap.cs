namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>Whether there is a text that two patterns with '*' both match.</summary>
public static class GlobOverlap
{
    /// <summary>Of two lists; an empty one asks for nothing, so it overlaps with all.</summary>
    public static bool Any(IReadOnlyList<string> left, IReadOnlyList<string> right) =>
        left.Count == 0 || right.Count == 0 || left.Any(a => right.Any(b => Any(a, b)));

    public static bool Any(string left, string right)
    {
        // reach[r]: some text is matched by the left pattern so far, and by the first r characters of the right one.
        var reach = new bool[right.Length + 1];
        for (var l = 0; l <= left.Length; l++)
        {
            var diagonal = false;
            for (var r = 0; r <= right.Length; r++)
            {
                var before = reach[r];
                var rightStar = r > 0 && right[r - 1] == '*';
                var now = l == 0
                    ? r == 0 || (rightStar && reach[r - 1])
                    : left[l - 1] == '*'
                        ? before || (r > 0 && reach[r - 1])
                        : rightStar
                            ? before || reach[r - 1]
                            : r > 0 && diagonal && left[l - 1] == right[r - 1];
                diagonal = before;
                reach[r] = now;
            }
        }

        return reach[right.Length];
    }
}
