namespace Gantry.Estate.Resources;

/// <summary>Something wrong with a resource document, and what to write instead.</summary>
/// <param name="File">As the user named it; "-" for standard input.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Field">"spec.rules[0].probability"; "" where it is not about a field.</param>
/// <param name="Value">What stands there; "" for something that is missing or too long to repeat.</param>
/// <param name="Message">What is accepted.</param>
public sealed record ResourceProblem(string File, int Line, int Column, string Field, string Value, string Message)
{
    /// <summary>One line, in the form that editors and CI systems make a link of.</summary>
    public override string ToString()
    {
        var what = (Field.Length > 0, Value.Length > 0) switch
        {
            (true, true) => $"{Field} '{Value}': ",
            (true, false) => $"{Field}: ",
            (false, true) => $"'{Value}': ",
            _ => "",
        };
        return $"{File}:{Line}:{Column}: {what}{Message}";
    }
}

/// <summary>All problems of one text, so that a person can mend them in one go.</summary>
public sealed class ResourceProblems(string file)
{
    // A broken file of ten thousand lines must not answer with ten thousand more.
    private const int Most = 100;

    private const int LongestValue = 80;

    private readonly List<ResourceProblem> _all = [];

    public string File { get; } = file;

    public IReadOnlyList<ResourceProblem> All => _all;

    public void Add(Node at, string field, string message) => Add(at.Line, at.Column, field, at is ScalarNode ? at.Shown : "", message);

    public void Add(int line, int column, string field, string value, string message)
    {
        if (_all.Count < Most)
        {
            _all.Add(new ResourceProblem(File, line, column, Clean(field), Clean(value), message));
        }
    }

    /// <summary>The text came from a file or a peer, and is shown on terminals.</summary>
    private static string Clean(string value)
    {
        var text = value.Length > LongestValue ? string.Concat(value.AsSpan(0, LongestValue - 1), "…") : value;
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '�' : c)) : text;
    }
}
