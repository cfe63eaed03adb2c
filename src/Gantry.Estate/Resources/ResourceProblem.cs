namespace Gantry.Estate.Resources;

/// <summary>Something wrong with a resource document, and what to write instead.</summary>
/// <param name="File">As the user named it; "-" for standard input.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Field">"spec.rules[0].probability"; "" where it is not about a field.</param>
/// <param name="Value">What stands there; "" for something that is missing or too long to repeat.</param>
/// <param name="Message">What is accepted.</param>
/// <param name="Severity">"error": it is not taken. "warning": it is, and probably does not do what was meant.</param>
public sealed record ResourceProblem(string File, int Line, int Column, string Field, string Value, string Message, string Severity = ResourceProblem.Error)
{
    public const string Error = "error";

    public const string Warning = "warning";

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
        return $"{File}:{Line}:{Column}: {(Severity == Warning ? "warning: " : "")}{what}{Message}";
    }
}

/// <summary>All problems of one text, so that a person can mend them in one go.</summary>
public sealed class ResourceProblems(string file)
{
    // A broken file of ten thousand lines must not answer with ten thousand more.
    private const int Most = 100;

    private const int LongestValue = 80;

    private readonly List<ResourceProblem> _all = [];

    private readonly List<ResourceProblem> _warnings = [];

    public string File { get; } = file;

    /// <summary>Errors: any of them, and the document is not taken.</summary>
    public IReadOnlyList<ResourceProblem> All => _all;

    public IReadOnlyList<ResourceProblem> Warnings => _warnings;

    /// <summary>Reads YAML or JSON that stands as text inside a document; its nodes have their places in that document. Whoever parses documents sets it,
    /// so that what reads a spec needs no parser. Null, with the problem reported, where it is neither.</summary>
    public Func<ScalarNode, ResourceProblems, Node?>? ReadText { get; set; }

    /// <summary>The text was taken before, and checks may have come since: what fails <see cref="Refuse"/> is a warning, for refusing it now would hold still all that depends on it.</summary>
    public bool IsStored { get; init; }

    /// <summary>An error in what comes in, a warning in what is stored.</summary>
    public void Refuse(Node at, string field, string message)
    {
        if (IsStored)
        {
            Warn(at, field, message);
        }
        else
        {
            Add(at, field, message);
        }
    }

    public void Add(Node at, string field, string message) => Add(at.Line, at.Column, field, at is ScalarNode ? at.Shown : "", message);

    public void Add(int line, int column, string field, string value, string message) => Add(_all, line, column, field, value, message, ResourceProblem.Error);

    public void Warn(Node at, string field, string message) => Warn(at.Line, at.Column, field, at is ScalarNode ? at.Shown : "", message);

    public void Warn(int line, int column, string field, string value, string message) => Add(_warnings, line, column, field, value, message, ResourceProblem.Warning);

    private void Add(List<ResourceProblem> list, int line, int column, string field, string value, string message, string severity)
    {
        if (list.Count < Most)
        {
            list.Add(new ResourceProblem(File, line, column, Clean(field), Clean(value), message, severity));
        }
    }

    /// <summary>The text came from a file or a peer, and is shown on terminals.</summary>
    private static string Clean(string value)
    {
        var text = value.Length > LongestValue ? string.Concat(value.AsSpan(0, LongestValue - 1), "…") : value;
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '�' : c)) : text;
    }
}
