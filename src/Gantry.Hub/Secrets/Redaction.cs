using Gantry.Estate.Secrets;

namespace Gantry.Hub.Secrets;

/// <summary>
/// Configurations without their secrets, for whatever is stored or shown: effective configurations of agents above all. Names, references and everything
/// else stay as they were written. What cannot be read is withheld as a whole: a secret in it would not be found.
/// </summary>
internal static class Redaction
{
    /// <summary>Longer texts are withheld.</summary>
    public const int LongestText = 4 * 1024 * 1024;

    /// <param name="text">YAML, JSON or Alloy.</param>
    /// <param name="contentType">As the agent gives it ("text/yaml", "application/json", "text/x-alloy"); "" where it gives none: then the text tells.</param>
    public static string Of(string text, string contentType = "")
    {
        if (text.Length > LongestText)
        {
            return Withheld($"longer than {LongestText} characters");
        }

        try
        {
            var isAlloy = contentType.Contains("alloy", StringComparison.OrdinalIgnoreCase) || contentType.Contains("river", StringComparison.OrdinalIgnoreCase);
            return (isAlloy ? null : YamlSecrets.Redact(text)) ?? AlloySecrets.Redact(text) ?? Withheld("neither YAML, JSON nor Alloy");
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return Withheld("too slow to search");
        }
    }

    private static string Withheld(string why) => $"# Not kept: the text is {why}, so secrets in it could not be found.\n";
}
