namespace Gantry.Cli.Journeys;

/// <summary>Text of others on one line: a terminal obeys control characters.</summary>
internal static class Lines
{
    public static string One(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
