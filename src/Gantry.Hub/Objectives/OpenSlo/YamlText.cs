using System.Globalization;
using System.Text;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>Text from people and telemetry as YAML in double quotes, which is safe whatever is in it.</summary>
internal static class YamlText
{
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Plain where that is a name, in quotes else.</summary>
    public static string Word(string text) => Gantry.Estate.Resources.ResourceDocument.NamePattern().IsMatch(text) && char.IsAsciiLetter(text[0]) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n") ? text : Quote(text);
}
