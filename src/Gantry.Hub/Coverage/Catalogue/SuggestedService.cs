using System.Text;

namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>A <c>Service</c> document to begin with: what is known of a row, and where a correction goes.</summary>
internal static class SuggestedService
{
    public static string For(ServiceRow row)
    {
        var name = row.Declared.Length > 0 ? row.Declared : NameOf(row.Name);
        var names = row.Names.Where(known => known.Source is "telemetry" or "obi" or "declared").Select(known => known.Name).Append(row.Name).Where(known => known != name).Distinct().ToList();
        var text = new StringBuilder($"apiVersion: gantry/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec:\n");
        Field(text, "title", row.Title);
        text.Append("  owner: ").Append(Quoted(row.Owner.Length > 0 ? row.Owner : "my-team")).Append('\n');
        Field(text, "criticality", row.Criticality is "mission_critical" or "high" or "medium" or "low" ? row.Criticality : "");
        Field(text, "environment", row.Environment);
        Field(text, "namespace", row.Namespace);
        text.Append("  # further names of it, of another row for example\n  names: [").AppendJoin(", ", names.Select(Quoted)).Append("]\n");
        text.Append("  # processes above that are not it: by name, executable or script\n  separate: []\n");
        return text.ToString();
    }

    private static string NameOf(string name)
    {
        var word = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-')).Trim('-', '.');
        return word.Length is > 0 and <= 63 ? word : "my-service";
    }

    private static void Field(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
        {
            text.Append("  ").Append(name).Append(": ").Append(Quoted(value)).Append('\n');
        }
    }

    private static string Quoted(string text) => $"'{string.Concat(text.Where(c => !char.IsControl(c))).Replace("'", "''", StringComparison.Ordinal)}'";
}
