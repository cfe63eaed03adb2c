using Gantry.Estate.Red;

namespace Gantry.Hub.Observations;

/// <summary>Counts of one interval. <see cref="Buckets"/> as in <see cref="DurationBuckets"/>.</summary>
public sealed class RedSlot(long slot)
{
    /// <summary>Number of the interval since the Unix epoch.</summary>
    public long Slot { get; } = slot;

    public ulong Calls { get; set; }

    public ulong Errors { get; set; }

    /// <summary>Of <see cref="Calls"/>, those whose arrival is known: counted from spans since this hub started.</summary>
    public ulong Arrived { get; set; }

    /// <summary>Of <see cref="Arrived"/>, those that began a trace: no parent, no link.</summary>
    public ulong Begun { get; set; }

    /// <summary>Those that only link to another trace.</summary>
    public ulong Linked { get; set; }

    public ulong[] Buckets { get; init; } = new ulong[DurationBuckets.Count];

    /// <summary>Changed since it was last written.</summary>
    public bool Dirty { get; set; }

    public void Add(ulong calls, ulong errors, ReadOnlySpan<ulong> buckets)
    {
        Calls += calls;
        Errors += errors;
        Dirty = true;
        for (var i = 0; i < Buckets.Length && i < buckets.Length; i++)
        {
            Buckets[i] += buckets[i];
        }
    }
}

/// <summary>The last hour of counts in intervals of equal length; intervals without a count take no room. Not thread-safe.</summary>
public sealed class RedWindow(TimeSpan interval)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly LinkedList<RedSlot> _slots = new();

    public TimeSpan Interval { get; } = interval;

    public IEnumerable<RedSlot> Slots => _slots;

    /// <summary>The newest; null before anything was counted.</summary>
    public RedSlot? Last => _slots.Last?.Value;

    /// <summary>From that interval on, oldest first; what is older is not walked over.</summary>
    public IEnumerable<RedSlot> Since(long slot)
    {
        LinkedListNode<RedSlot>? first = null;
        for (var node = _slots.Last; node is not null && node.Value.Slot >= slot; node = node.Previous)
        {
            first = node;
        }

        for (var node = first; node is not null; node = node.Next)
        {
            yield return node.Value;
        }
    }

    public long SlotOf(DateTimeOffset at) => at.UtcTicks / Interval.Ticks;

    public DateTimeOffset StartOf(long slot) => new(slot * Interval.Ticks, TimeSpan.Zero);

    /// <summary>The interval at that time, made when it is new. A time after now is now: else one wrong clock would push out everything that is
    /// kept. Intervals older than now minus <see cref="Kept"/> go.</summary>
    public RedSlot At(DateTimeOffset at, DateTimeOffset now)
    {
        var number = Math.Min(SlotOf(at), SlotOf(now));
        var node = _slots.Last;
        while (node is not null && node.Value.Slot > number)
        {
            node = node.Previous;
        }

        if (node?.Value.Slot == number)
        {
            return node.Value;
        }

        var slot = new RedSlot(number);
        if (node is null)
        {
            _slots.AddFirst(slot);
        }
        else
        {
            _slots.AddAfter(node, slot);
        }

        var oldest = SlotOf(now) - (Kept.Ticks / Interval.Ticks);
        while (_slots.First!.Value.Slot < oldest && _slots.First.Value != slot)
        {
            _slots.RemoveFirst();
        }

        return slot;
    }

    public void Restore(RedSlot slot)
    {
        var target = At(StartOf(slot.Slot), StartOf(slot.Slot));
        target.Add(slot.Calls, slot.Errors, slot.Buckets);
        target.Dirty = false;
    }
}
