namespace Gantry.Estate.Render;

/// <summary>What a renderer made.</summary>
/// <param name="Text">The document; null where there is none to give, and the problems say why.</param>
/// <param name="Notes">What was merged or kept, and what this cannot give: a sentence each, for a person.</param>
/// <param name="Problems">Why there is no document, each with what would change that.</param>
public sealed record Rendering(string? Text, IReadOnlyList<string> Notes, IReadOnlyList<string> Problems)
{
    internal static Rendering Refused(IReadOnlyList<string> problems, IReadOnlyList<string>? notes = null) => new(null, notes ?? [], problems);
}

/// <summary>What is found while a document is rendered: things to say, and things that stop it.</summary>
internal sealed class RenderLog
{
    private readonly List<string> _notes = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Notes => _notes;

    public IReadOnlyList<string> Problems => _problems;

    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence))
        {
            _notes.Add(sentence);
        }
    }

    public void Note(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            Note(sentence);
        }
    }

    public void Problem(string sentence) => _problems.Add(sentence);

    /// <summary>With problems there is no document: a half-patched one would run half-instrumented.</summary>
    public Rendering Done(Func<string> text) => _problems.Count > 0 ? Rendering.Refused(_problems, _notes) : new Rendering(text(), _notes, []);
}
