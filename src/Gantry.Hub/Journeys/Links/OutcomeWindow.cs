namespace Gantry.Hub.Journeys.Links;

/// <summary>Outcomes of the last hour by the minute in which their trace began; minutes without any take no room.</summary>
internal sealed class OutcomeWindow
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly List<Minute> _minutes = [];

    public void Add(DateTimeOffset at, long good, long bad)
    {
        var number = at.ToUnixTimeSeconds() / 60;
        var index = _minutes.FindLastIndex(minute => minute.Number <= number);
        if (index >= 0 && _minutes[index].Number == number)
        {
            var minute = _minutes[index];
            _minutes[index] = minute with { Good = Math.Max(0, minute.Good + good), Bad = Math.Max(0, minute.Bad + bad) };
            return;
        }

        _minutes.Insert(index + 1, new Minute(number, Math.Max(0, good), Math.Max(0, bad)));
        _minutes.RemoveAll(minute => minute.Number < _minutes[^1].Number - (long)Kept.TotalMinutes);
    }

    /// <param name="since">A minute that holds this moment counts whole.</param>
    public (long Good, long Bad) Since(DateTimeOffset since)
    {
        var first = since.ToUnixTimeSeconds() / 60;
        var (good, bad) = (0L, 0L);
        foreach (var minute in _minutes)
        {
            if (minute.Number >= first)
            {
                (good, bad) = (good + minute.Good, bad + minute.Bad);
            }
        }

        return (good, bad);
    }

    private readonly record struct Minute(long Number, long Good, long Bad);
}
