namespace Gantry.Hub.Coverage.Changes;

/// <summary>A service, a host or the estate, with what was last recorded of it: a value for each kind of change.</summary>
internal sealed class Followed(string subject, string id, string name, Dictionary<string, string> values)
{
    /// <summary>Changes of one kind in a day that are recorded as usual. With those that stay for <see cref="LongHold"/> they are fifty at most.</summary>
    private const int MostAtOnce = 18;

    private static readonly TimeSpan LongHold = TimeSpan.FromMinutes(45);

    private readonly Dictionary<string, Restless> _restless = [];

    public string Subject => subject;

    public string Id => id;

    public string Name { get; set; } = name;

    /// <summary>By kind: {"rung": "3", "version": "1.4.0"}.</summary>
    public Dictionary<string, string> Values { get; } = values;

    /// <summary>Values that are other ones now, and since when.</summary>
    public Dictionary<string, (string Value, DateTimeOffset Since)> Pending { get; } = [];

    /// <summary>Rungs that it came to within a week, oldest first, and what it stood on before each.</summary>
    public List<RungStep> Steps { get; } = [];

    /// <summary>Where its processes ran when they were last seen: what changed there may be the reason.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    public int? Rung => Values.TryGetValue(ChangeKinds.Rung, out var word) && int.TryParse(word, out var rung) ? rung : null;

    /// <summary>When a value has become another one, and stayed so for <paramref name="hold"/>.</summary>
    /// <returns>Since when; null while it is not so. A value that comes back in between was no change.</returns>
    public DateTimeOffset? Settled(string kind, string value, TimeSpan hold, DateTimeOffset now)
    {
        if (Values.GetValueOrDefault(kind, "") == value && (value.Length > 0 || Values.ContainsKey(kind)))
        {
            Pending.Remove(kind);
            return null;
        }

        // One that goes on falling is one change, from its first step.
        var isPending = Pending.TryGetValue(kind, out var pending);
        var since = isPending ? pending.Since : now;
        if (!isPending || pending.Value != value)
        {
            _restless.GetValueOrDefault(kind)?.Add();
        }

        Pending[kind] = (value, since);
        return now - since >= hold ? since : null;
    }

    /// <summary>How long a value must stay: what has changed often within a day must stay longer, so that it cannot fill the log.</summary>
    public TimeSpan HoldOf(string kind, TimeSpan hold, DateTimeOffset now) =>
        _restless.GetValueOrDefault(kind) is { } restless && restless.Day == now.UtcTicks / TimeSpan.TicksPerDay && restless.Told >= MostAtOnce && hold < LongHold ? LongHold : hold;

    /// <summary>What is told of further values that came and went since the last change that was recorded; "" where each was recorded.</summary>
    public string Restlessness(string kind) =>
        _restless.GetValueOrDefault(kind) is { Told: >= MostAtOnce, Seen: > 1 and var seen } ? $", after {seen - 1} that came and went and are not recorded" : "";

    /// <summary>The pending value of a kind is recorded.</summary>
    public void Commit(string kind, DateTimeOffset now)
    {
        Pending.Remove(kind);
        var day = now.UtcTicks / TimeSpan.TicksPerDay;
        if (!_restless.TryGetValue(kind, out var restless) || restless.Day != day)
        {
            _restless[kind] = restless = new Restless(day);
        }

        restless.Tell();
    }

    /// <summary>How often one kind was recorded on a day, and how many values were seen since it last was.</summary>
    private sealed class Restless(long day)
    {
        public long Day => day;

        public int Told { get; private set; }

        public int Seen { get; private set; }

        public void Add() => Seen++;

        public void Tell() => (Told, Seen) = (Told + 1, 0);
    }
}

/// <summary>A rung that something came to.</summary>
/// <param name="Before">-1: it was not known before.</param>
/// <param name="Rung">-1: it is not known any more.</param>
internal readonly record struct RungStep(DateTimeOffset At, int Before, int Rung);

/// <summary>What <see cref="ChangeRow.Kind"/> may be.</summary>
public static class ChangeKinds
{
    public const string Version = "version";
    public const string Instances = "instances";
    public const string Rung = "rung";
    public const string Configuration = "configuration";
    public const string Instrumentation = "instrumentation";
    public const string Sampling = "sampling";
    public const string Resource = "resource";

    public static IReadOnlyList<string> All { get; } = [Version, Instances, Rung, Configuration, Instrumentation, Sampling, Resource];
}
