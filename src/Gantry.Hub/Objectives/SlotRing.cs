namespace Gantry.Hub.Objectives;

/// <summary>Counts of the newest so many intervals of equal length; what falls out at the old end is gone. Not thread-safe.</summary>
internal sealed class SlotRing(int size)
{
    // Made with the first count: most journeys of an estate that begins have none.
    private SlotCount[] _slots = [];
    private long _newest = -1;

    /// <summary>The oldest interval that is still kept; counts before it are not taken.</summary>
    public long Oldest => Math.Max(0, _newest - size + 1);

    public void Add(long number, SlotCount count)
    {
        if (_slots.Length == 0)
        {
            _slots = new SlotCount[size];
        }

        if (number > _newest)
        {
            var from = Math.Max(_newest + 1, number - size + 1);
            for (var i = from; i <= number; i++)
            {
                _slots[i % size] = default;
            }

            _newest = number;
        }

        if (number >= Oldest)
        {
            _slots[number % size] += count;
        }
    }

    public SlotCount At(long number) => _slots.Length > 0 && number >= Oldest && number <= _newest ? _slots[number % size] : default;

    /// <summary>From <paramref name="from"/> up to and without <paramref name="to"/>.</summary>
    public SlotCount Sum(long from, long to)
    {
        var sum = default(SlotCount);
        if (_slots.Length > 0)
        {
            for (var i = Math.Max(from, Oldest); i < to && i <= _newest; i++)
            {
                sum += _slots[i % size];
            }
        }

        return sum;
    }

    /// <summary>The first interval with a request; null without.</summary>
    public long? First(long from)
    {
        for (var i = Math.Max(from, Oldest); _slots.Length > 0 && i <= _newest; i++)
        {
            if (_slots[i % size].Requests > 0)
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>The last interval with a request before <paramref name="to"/>; null without.</summary>
    public long? Last(long to)
    {
        for (var i = Math.Min(to - 1, _newest); _slots.Length > 0 && i >= Oldest; i--)
        {
            if (_slots[i % size].Requests > 0)
            {
                return i;
            }
        }

        return null;
    }
}
