using Gantry.Estate.Ladder;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Objectives;

/// <summary>A row: what one service added to an objective in one minute, and what it was counted from.</summary>
/// <param name="Minute">Since the Unix epoch.</param>
internal readonly record struct ServiceSlot(string ServiceId, long Minute, RedSource Source, SlotCount Count);

/// <summary>The counts of one objective: by the minute for three days, by the hour for ninety. Not thread-safe.</summary>
internal sealed class ObjectiveSeries
{
    public const int MinutesKept = 3 * 24 * 60;

    public const int HoursKept = 90 * 24;

    // The longest of the alerts' windows still has its minutes while a minute or an hour is being finished.
    private readonly SlotRing _minutes = new(MinutesKept + 120);
    private readonly SlotRing _hours = new(HoursKept + 2);
    private readonly Dictionary<(string ServiceId, long Minute), ServiceSlot> _recent = [];

    /// <summary>Another with each change of a count.</summary>
    public long Version { get; private set; }

    public void Restore(ServiceSlot slot, long recentFrom)
    {
        _minutes.Add(slot.Minute, slot.Count);
        _hours.Add(slot.Minute / 60, slot.Count);
        if (slot.Minute >= recentFrom)
        {
            _recent[(slot.ServiceId, slot.Minute)] = slot;
        }

        Version++;
    }

    public void RestoreHour(long hour, SlotCount count)
    {
        _hours.Add(hour, count);
        Version++;
    }

    /// <summary>Rows that have to be written so that the table has what the services now count. Totals, not differences: written twice they change nothing.</summary>
    /// <param name="counted">Every kept minute of every matching service.</param>
    /// <param name="services">Those services: a minute that one of them no longer has is one that a crash of the hub took, and whose requests the gateway tells again.</param>
    public List<ServiceSlot> Changes(IReadOnlyList<MinuteCount> counted, IReadOnlySet<string> services, long from, long current)
    {
        var changes = new List<ServiceSlot>();
        var seen = new HashSet<(string, long)>();
        foreach (var minute in counted)
        {
            seen.Add((minute.ServiceId, minute.Minute));
            var known = _recent.TryGetValue((minute.ServiceId, minute.Minute), out var before);
            if (SourceOf(minute, known && before.Count.Requests > 0 ? before.Source : null, current) is { } source
                && minute.From(source) is var count && (!known || before.Source != source || before.Count != count))
            {
                changes.Add(new ServiceSlot(minute.ServiceId, minute.Minute, source, count));
            }
        }

        changes.AddRange(_recent.Values
            .Where(slot => slot.Minute >= from && slot.Count.Requests > 0 && services.Contains(slot.ServiceId) && !seen.Contains((slot.ServiceId, slot.Minute)))
            .Select(slot => slot with { Count = default }));
        return changes;
    }

    /// <summary>After the rows are in the database.</summary>
    public void Take(IEnumerable<ServiceSlot> changes, long from)
    {
        foreach (var slot in changes)
        {
            var difference = slot.Count - _recent.GetValueOrDefault((slot.ServiceId, slot.Minute)).Count;
            _minutes.Add(slot.Minute, difference);
            _hours.Add(slot.Minute / 60, difference);
            _recent[(slot.ServiceId, slot.Minute)] = slot;
            Version++;
        }

        foreach (var old in _recent.Keys.Where(key => key.Minute < from).ToList())
        {
            _recent.Remove(old);
        }
    }

    /// <summary>Requests of the window that ends with the last finished minute. What is older than three days is counted in whole hours.</summary>
    public SlotCount Sum(TimeSpan window, long current)
    {
        var from = current - (long)window.TotalMinutes;
        var fine = Math.Max(from, current - MinutesKept);
        if (fine == from)
        {
            return _minutes.Sum(from, current);
        }

        // Up to a whole hour from the minutes, before it from the hours.
        var hour = (fine + 59) / 60;
        return _hours.Sum((from + 59) / 60, hour) + _minutes.Sum(hour * 60, current);
    }

    /// <summary>The first minute of the window that has a request, to the hour where it is older than three days; null without.</summary>
    public long? First(TimeSpan window, long current)
    {
        var from = current - (long)window.TotalMinutes;
        var fine = current - MinutesKept;
        return from < fine && _hours.First((from + 59) / 60) is { } hour && hour * 60 < fine ? hour * 60 : _minutes.First(Math.Max(from, fine));
    }

    /// <summary>The newest finished minute that has a request, to the hour where it is older than three days; null without.</summary>
    public long? Last(long current) => _minutes.Last(current) ?? _hours.Last(((current - MinutesKept) / 60) + 1) * 60;

    /// <summary>A minute is counted from one of the two, and stays with it. One that the service's best source has nothing of waits until that is no longer
    /// fresh: metrics come up to a minute late.</summary>
    private static RedSource? SourceOf(MinuteCount minute, RedSource? before, long current)
    {
        if (before is not null || minute.Best is not { } best)
        {
            return before;
        }

        var other = best == RedSource.Spans ? RedSource.Metrics : RedSource.Spans;
        return minute.From(best).Requests > 0 ? best
            : minute.From(other).Requests > 0 && current - minute.Minute >= (long)Ladder.FreshFor.TotalMinutes ? other
            : null;
    }
}
