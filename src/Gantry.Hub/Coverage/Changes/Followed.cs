namespace Gantry.Hub.Coverage.Changes;

/// <summary>A service, a host or the estate, with what was last recorded of it: a value for each kind of change.</summary>
internal sealed class Followed(string subject, string id, string name, Dictionary<string, string> values)
{
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
        var since = Pending.TryGetValue(kind, out var pending) ? pending.Since : now;
        Pending[kind] = (value, since);
        return now - since >= hold ? since : null;
    }
}

/// <summary>A rung that something came to.</summary>
/// <param name="Before">-1: it was not known before.</param>
/// <param name="Rung">-1: it is not known any more.</param>
internal readonly record struct RungStep(DateTimeOffset At, int Before, int Rung);

/// <summary>What <see cref="ChangeRow.Kind"/> may be.</summary>
internal static class ChangeKinds
{
    public const string Version = "version";
    public const string Instances = "instances";
    public const string Rung = "rung";
    public const string Configuration = "configuration";
    public const string Instrumentation = "instrumentation";
    public const string Sampling = "sampling";
    public const string Resource = "resource";
}
