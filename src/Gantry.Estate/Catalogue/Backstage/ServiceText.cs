using System.Text;

namespace Gantry.Estate.Catalogue.Backstage;

/// <summary>Writes a <c>Service</c> document. Texts stand in single quotes, so that none of them is read as something else; the same entity gives the same bytes, so that
/// applying it again changes nothing.</summary>
internal sealed class ServiceText(string name)
{
    private const int LongestLabel = 200;

    private readonly List<(string Key, string Value)> _labels = [];
    private readonly List<string> _names = [];
    private readonly List<(string Title, string Url)> _links = [];

    public string Title { get; set; } = "";

    public string Description { get; set; } = "";

    public string Owner { get; set; } = "";

    public string Criticality { get; set; } = "";

    public string Environment { get; set; } = "";

    public string Namespace { get; set; } = "";

    public void AddLabel(string key, string value)
    {
        if (value.Length > 0)
        {
            _labels.Add((key, value.Length > LongestLabel ? value[..LongestLabel] : value));
        }
    }

    public void AddName(string further)
    {
        if (further != name && !_names.Contains(further))
        {
            _names.Add(further);
        }
    }

    public void AddLink(string title, string url) => _links.Add((title, url));

    public string Write()
    {
        var text = new StringBuilder();
        foreach (var line in Description.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append("# ").Append(string.Concat(line.Where(c => !char.IsControl(c)))).Append('\n');
        }

        text.Append("apiVersion: gantry/v1\nkind: Service\nmetadata:\n  name: ").Append(Quoted(name)).Append('\n');
        if (_labels.Count > 0)
        {
            text.Append("  labels:\n");
            _labels.ForEach(label => text.Append("    ").Append(label.Key).Append(": ").Append(Quoted(label.Value)).Append('\n'));
        }

        var spec = new StringBuilder();
        Field(spec, "title", Title);
        Field(spec, "owner", Owner);
        Field(spec, "criticality", Criticality);
        Field(spec, "environment", Environment);
        Field(spec, "namespace", Namespace);
        if (_names.Count > 0)
        {
            spec.Append("  names: [").AppendJoin(", ", _names.Select(Quoted)).Append("]\n");
        }

        if (_links.Count > 0)
        {
            spec.Append("  links:\n");
            _links.ForEach(link => spec.Append("  - {title: ").Append(Quoted(link.Title)).Append(", url: ").Append(Quoted(link.Url)).Append("}\n"));
        }

        return text.Append(spec.Length > 0 ? "spec:\n" : "spec: {}\n").Append(spec).ToString();
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
