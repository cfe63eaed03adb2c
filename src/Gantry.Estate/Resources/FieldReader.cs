using System.Globalization;

namespace Gantry.Estate.Resources;

/// <summary>
/// Reads the fields of a mapping by name. Strict: what nobody asked for by the time of <see cref="Done"/> is a problem, and so is a name that is there
/// twice, because a setting with a typing error in its name would otherwise be a setting that silently does nothing.
/// </summary>
public sealed class FieldReader
{
    private readonly MappingNode _node;
    private readonly ResourceProblems _problems;
    private readonly List<string> _asked = [];

    private FieldReader(MappingNode node, string path, ResourceProblems problems)
    {
        _node = node;
        _problems = problems;
        Path = path;
    }

    /// <summary>"spec.rules[0]"; "" for the document.</summary>
    public string Path { get; }

    /// <summary>Where the mapping begins: the place of what is missing in it.</summary>
    public Node Place => _node;

    /// <returns>Null, with the problem reported, where the node is no mapping.</returns>
    public static FieldReader? Of(Node node, string path, ResourceProblems problems)
    {
        if (node is MappingNode mapping)
        {
            return new FieldReader(mapping, path, problems);
        }

        problems.Add(node, path, $"expected a mapping (name: value), this is {node.Word}");
        return null;
    }

    public string FieldOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public void Problem(string name, string message) => _problems.Add(_node.Fields.FirstOrDefault(field => field.Key.Text == name)?.Value ?? _node, FieldOf(name), message);

    /// <summary>The field's value; null when it is not there or holds nothing.</summary>
    public Node? Find(string name)
    {
        _asked.Add(name);
        var value = _node.Fields.FirstOrDefault(field => field.Key.Text == name)?.Value;
        return value is ScalarNode { IsNull: true } ? null : value;
    }

    public FieldReader? FindMapping(string name) => Find(name) is { } node ? Of(node, FieldOf(name), _problems) : null;

    /// <summary>Each item with its path; empty, with the problem reported, where the field is no list.</summary>
    public IReadOnlyList<(Node Item, string Path)> FindList(string name)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case ListNode list:
                return [.. list.Items.Select((item, index) => (item, $"{FieldOf(name)}[{index}]"))];
            case { } other:
                _problems.Add(other, FieldOf(name), $"expected a list (- item), this is {other.Word}");
                return [];
        }
    }

    /// <returns>Null when it is not there, or is a problem.</returns>
    public ScalarNode? FindText(string name)
    {
        var node = Find(name);
        if (node is null or ScalarNode { IsText: true })
        {
            return node as ScalarNode;
        }

        _problems.Add(node, FieldOf(name), $"expected text, this is {node.Word}{(node is ScalarNode ? "; write it in quotes if it is meant as text" : "")}");
        return null;
    }

    /// <summary>Text that must be there.</summary>
    public ScalarNode? Text(string name, string example)
    {
        if (Find(name) is null)
        {
            _problems.Add(_node, FieldOf(name), $"is missing; write {name}: {example}");
            return null;
        }

        return FindText(name);
    }

    /// <summary>One of a few words.</summary>
    public T? FindWord<T>(string name, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        var node = Find(name);
        if (node is null)
        {
            return null;
        }

        foreach (var (word, value) in words)
        {
            if (node is ScalarNode scalar && scalar.Text == word)
            {
                return value;
            }
        }

        var accepted = new List<string>();
        foreach (var (word, _) in words)
        {
            accepted.Add(word);
        }

        _problems.Add(node, FieldOf(name), $"expected {string.Join(", ", accepted.SkipLast(1))} or {accepted[^1]}");
        return null;
    }

    public int? FindInteger(string name, int least, int most)
    {
        var node = Find(name);
        if (node is null)
        {
            return null;
        }

        if (node is ScalarNode { IsNumber: true } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _problems.Add(node, FieldOf(name), $"expected a whole number from {least} to {most}");
        return null;
    }

    /// <summary>Reports what nobody asked for.</summary>
    /// <param name="later">Names that a later version of Gantry will know, each with what to do until then.</param>
    public void Done(params ReadOnlySpan<(string Name, string Until)> later)
    {
        var seen = new HashSet<string>();
        foreach (var (key, _) in _node.Fields)
        {
            if (!seen.Add(key.Text))
            {
                _problems.Add(key.Line, key.Column, FieldOf(key.Text), "", "is there twice; keep one of the two");
            }
            else if (!_asked.Contains(key.Text))
            {
                _problems.Add(key.Line, key.Column, FieldOf(key.Text), "", Unknown(key.Text, later));
            }
        }
    }

    private string Unknown(string name, ReadOnlySpan<(string Name, string Until)> later)
    {
        foreach (var (known, until) in later)
        {
            if (known == name)
            {
                return $"this version of Gantry does not know it yet; {until}";
            }
        }

        var near = _asked.FirstOrDefault(asked => asked.Equals(name.Replace("_", "").Replace("-", ""), StringComparison.OrdinalIgnoreCase) || NearWord.Distance(asked, name) <= 2);
        return near is null ? $"is not known; there are {string.Join(", ", _asked.Distinct())}" : $"is not known; did you mean {near}?";
    }
}
