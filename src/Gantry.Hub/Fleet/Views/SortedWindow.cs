namespace Gantry.Hub.Fleet.Views;

/// <summary>Puts one page of a long list in order, and leaves the rest: a page of 50 out of 100,000 needs some comparisons for each row, not seventeen.</summary>
internal static class SortedWindow
{
    /// <summary>Below it, all is sorted.</summary>
    private const int Short = 256;

    /// <summary>Afterwards the places from <paramref name="first"/> on, <paramref name="count"/> of them, hold what they would hold if all were sorted.</summary>
    /// <param name="compare">Never 0 for two different items.</param>
    public static void Sort<T>(Span<T> items, int first, int count, Comparison<T> compare)
    {
        while (items.Length > Short && count > 0)
        {
            // By chance, so that no order of a peer's making takes long.
            var pivot = items[Random.Shared.Next(items.Length)];
            var (low, high) = (0, items.Length - 1);
            while (low <= high)
            {
                while (compare(items[low], pivot) < 0)
                {
                    low++;
                }

                while (compare(items[high], pivot) > 0)
                {
                    high--;
                }

                if (low <= high)
                {
                    (items[low], items[high]) = (items[high], items[low]);
                    (low, high) = (low + 1, high - 1);
                }
            }

            // All before low is not above all from low on.
            var before = Math.Clamp(low - first, 0, count);
            Sort(items[..low], first, before, compare);
            items = items[low..];
            (first, count) = (Math.Max(0, first - low), count - before);
        }

        if (count > 0)
        {
            items.Sort(compare);
        }
    }
}
