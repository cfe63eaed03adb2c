using System.Globalization;

namespace Gantry.Estate.Sampling;

/// <summary>Values of policies, as documents spell them.</summary>
public static class SamplingWords
{
    public const string Always = "always";
    public const string Never = "never";

    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    private static readonly string[] KindNames = ["unspecified", "internal", "server", "client", "producer", "consumer"];

    private static readonly string[] StatusNames = ["unset", "ok", "error"];

    public static IReadOnlyList<string> Kinds => KindNames;

    public static IReadOnlyList<string> Statuses => StatusNames;

    public static string KindOf(int kind) => KindNames[kind];

    public static string StatusOf(int status) => StatusNames[status];

    /// <summary>Number of the word; null for another.</summary>
    public static int? FindKind(string word) => Index(KindNames, word);

    public static int? FindStatus(string word) => Index(StatusNames, word);

    /// <summary>0 (never) and 2^-56 to 1.</summary>
    public static bool IsProbability(double value) => value == 0 || (value >= Threshold.LeastProbability && value <= 1);

    /// <summary>"always", "never", or the number.</summary>
    public static string Probability(double value) => value switch
    {
        0 => Never,
        1 => Always,
        _ => value.ToString("0.##################", CultureInfo.InvariantCulture),
    };

    /// <summary>The <c>th</c> that kept spans get; "" where none is kept.</summary>
    public static string ThresholdOf(double probability) => probability == 0 ? "" : Threshold.FromProbability(probability).ToString();

    /// <summary>"0.1" or "1/10". Zero is no probability: it has a word of its own.</summary>
    public static double? ParseProbability(string text)
    {
        var bar = text.IndexOf('/');
        var value = bar < 0 ? Number(text) : Number(text[..bar].Trim()) / Number(text[(bar + 1)..].Trim());
        return value is { } number && number > 0 && IsProbability(number) ? number : null;
    }

    /// <summary>"500ms", "1.5s", "2m", "1h", "800us"; above zero, at most a day.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        (string Unit, double Ticks)[] units = [("us", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour)];
        foreach (var (unit, ticks) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && Number(text[..^unit.Length]) is { } number)
            {
                var span = number * ticks;
                return span >= 1 && span <= LongestDuration.Ticks ? TimeSpan.FromTicks((long)Math.Round(span)) : null;
            }
        }

        return null;
    }

    public static string Duration(TimeSpan span) => span switch
    {
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => $"{ticks / TimeSpan.TicksPerHour}h",
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => $"{ticks / TimeSpan.TicksPerMinute}m",
        { TotalSeconds: >= 1 } => $"{span.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture)}s",
        { TotalMilliseconds: >= 1 } => $"{span.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture)}ms",
        _ => $"{span.TotalMicroseconds.ToString("0.#", CultureInfo.InvariantCulture)}us",
    };

    /// <summary>No condition is set: what stands behind such a rule is never reached.</summary>
    public static bool MatchesAll(SamplingRule rule) => rule.SlowerThan is null && rule is { Service: "", Namespace: "", Environment: "", Operation: "", Kind: null, Status: null };

    /// <summary>The conditions of a rule in words: "service=checkout* status=error"; "any span" without one.</summary>
    public static string Conditions(SamplingRule rule)
    {
        var parts = new List<string>(7);
        Add("service", rule.Service);
        Add("namespace", rule.Namespace);
        Add("environment", rule.Environment);
        Add("operation", rule.Operation);
        Add("kind", rule.Kind is { } kind ? KindOf(kind) : "");
        Add("status", rule.Status is { } status ? StatusOf(status) : "");
        Add("slowerThan", rule.SlowerThan is { } slow ? Duration(slow) : "");
        return parts.Count == 0 ? "any span" : string.Join(' ', parts);

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                parts.Add(value.Contains(' ') ? $"{name}='{value}'" : $"{name}={value}");
            }
        }
    }

    private static int? Index(string[] names, string word) => Array.IndexOf(names, word) is >= 0 and var index ? index : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
