using System.Text.RegularExpressions;

namespace Gantry.Estate.Resources;

/// <summary>One declared resource, read and found sound.</summary>
/// <param name="Model">What <see cref="ResourceKind.Read"/> made of its spec.</param>
/// <param name="Text">The document as given, with its comments.</param>
/// <param name="File">Where it was read; "-" for standard input.</param>
/// <param name="Line">Where it begins in that file.</param>
public sealed partial record ResourceDocument(
    ResourceKind Kind, string Name, IReadOnlyDictionary<string, string> Labels, object Model, string Text, string File, int Line)
{
    public const string ApiVersion = "gantry/v1";

    /// <summary>In characters. A resource is written by a person.</summary>
    public const int LongestText = 512 * 1024;

    private const int MostLabels = 64;

    /// <summary>Reads the envelope and the spec inside it; reports everything that is wrong.</summary>
    /// <returns>Null when something is.</returns>
    public static ResourceDocument? Read(Node root, string text, ResourceProblems problems)
    {
        var before = problems.All.Count;
        if (FieldReader.Of(root, "", problems) is not { } fields)
        {
            return null;
        }

        if (fields.Text("apiVersion", ApiVersion) is { } version && version.Text != ApiVersion)
        {
            fields.Problem("apiVersion", $"expected {ApiVersion}");
        }

        var kind = KindOf(fields);
        var (name, labels) = Metadata(fields, problems);
        var spec = fields.FindMapping("spec");
        if (fields.Find("spec") is null)
        {
            fields.Problem("spec", "is missing; it says what the resource is");
        }

        fields.Done(("status", "leave it out, Gantry writes the status itself"));
        var model = kind is not null && spec is not null ? kind.Read(name, spec, problems) : null;
        return problems.All.Count == before && model is not null
            ? new ResourceDocument(kind!, name, labels, model, text, problems.File, root.Line)
            : null;
    }

    /// <summary>Names go into URLs, tables and shells: nothing in them needs quoting anywhere.</summary>
    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    public static partial Regex NamePattern();

    private static ResourceKind? KindOf(FieldReader fields)
    {
        var word = fields.Text("kind", ResourceKinds.All[0].Kind);
        var kind = word is null ? null : ResourceKinds.All.FirstOrDefault(known => known.Kind == word.Text);
        if (word is not null && kind is null)
        {
            fields.Problem("kind", $"expected {string.Join(" or ", ResourceKinds.All.Select(known => known.Kind))}");
        }

        return kind;
    }

    private static (string Name, IReadOnlyDictionary<string, string> Labels) Metadata(FieldReader fields, ResourceProblems problems)
    {
        if (fields.Find("metadata") is null)
        {
            fields.Problem("metadata", "is missing; write metadata: {name: …}");
            return ("", new Dictionary<string, string>());
        }

        if (fields.FindMapping("metadata") is not { } metadata)
        {
            return ("", new Dictionary<string, string>());
        }

        var name = metadata.Text("name", "my-policy")?.Text;
        if (name is not null && !NamePattern().IsMatch(name))
        {
            metadata.Problem("name", "expected up to 63 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit");
        }

        var labels = metadata.FindMapping("labels") is { } reader ? ReadLabels(reader, problems) : new Dictionary<string, string>();
        metadata.Done();
        return (name ?? "", labels);
    }

    private static Dictionary<string, string> ReadLabels(FieldReader reader, ResourceProblems problems)
    {
        var labels = new Dictionary<string, string>();
        foreach (var (key, _) in ((MappingNode)reader.Place).Fields)
        {
            var node = reader.Find(key.Text);
            if (!LabelPattern().IsMatch(key.Text))
            {
                problems.Add(key.Line, key.Column, reader.FieldOf(key.Text), "", "expected a name of up to 63 letters, digits, '-', '_', '.' and '/'");
            }
            else if (labels.Count >= MostLabels)
            {
                problems.Add(key.Line, key.Column, reader.Path, "", $"expected at most {MostLabels} labels");
                return labels;
            }
            else if (node is not null && reader.FindText(key.Text) is { } value)
            {
                labels[key.Text] = value.Text;
            }
        }

        reader.Done();
        return labels;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelPattern();
}
