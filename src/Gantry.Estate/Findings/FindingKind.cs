namespace Gantry.Estate.Findings;

/// <summary>How much a finding costs whoever reads the telemetry.</summary>
public enum FindingSeverity
{
    /// <summary>Something is harder to find or to tell apart.</summary>
    Low,

    /// <summary>Numbers of this service are less than they seem.</summary>
    Medium,

    /// <summary>Telemetry is lost.</summary>
    High,
}

/// <summary>Something that can be wrong with what a service sends, and what to do about it. "{example}" in a text stands for the finding's example,
/// "{value}" for what only the reader knows.</summary>
/// <param name="Code">One of <see cref="Gantry.Protocol.Observations.FindingCodes"/>.</param>
/// <param name="Why">Why it matters: what is wrong with the numbers as long as it is so.</param>
/// <param name="Fix">What to do, in one or two sentences.</param>
/// <param name="Setting">The setting or command that does it; "" where there is none.</param>
public sealed record FindingKind(string Code, FindingSeverity Severity, string Title, string Why, string Fix, string Setting)
{
    // Longer than any attribute's name; and an example comes from whoever sends telemetry, while a setting is made to be pasted into a shell.
    private const int MaxInSetting = 100;

    /// <summary>The texts for one example.</summary>
    public FindingKind For(string example) => this with
    {
        Title = Title.Replace("{example}", example, StringComparison.Ordinal),
        Fix = Fix.Replace("{example}", example, StringComparison.Ordinal),
        Setting = !Setting.Contains("{example}", StringComparison.Ordinal) ? Setting : IsPlain(example) ? Setting.Replace("{example}", example, StringComparison.Ordinal) : "",
    };

    private static bool IsPlain(string text) =>
        text.Length is > 0 and <= MaxInSetting && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
