namespace Gantry.Estate.Render;

/// <summary>An environment variable that a program needs, and how it goes together with a value that is there already.</summary>
/// <param name="Before">Stands before what is there.</param>
/// <param name="After">Stands behind what is there.</param>
/// <param name="Separator">Between the two; "" for a variable that has one value only.</param>
/// <param name="Foreign">Words in a value that is there which say that another agent is loaded by it.</param>
/// <param name="IsDefault">A value that is there stays.</param>
internal sealed record AgentVariable(string Name, string Before, string After, string Separator, IReadOnlyList<string> Foreign, bool IsDefault = false)
{
    /// <summary>One value, and no other beside it.</summary>
    public static AgentVariable Only(string name, string value) => new(name, "", value, "", []);

    /// <summary>This value, unless there is one.</summary>
    public static AgentVariable Default(string name, string value) => new(name, "", value, "", [], IsDefault: true);

    public string Value => Join("");

    /// <param name="existing">Null: the variable is not there.</param>
    /// <returns>Null where the two cannot go together; the log says why.</returns>
    public string? MergeWith(string? existing, RenderLog log)
    {
        if (string.IsNullOrEmpty(existing))
        {
            return Value;
        }

        if (existing == Value || IsIn(existing))
        {
            return existing;
        }

        if (IsDefault)
        {
            log.Note($"{Name} is '{existing}' and stays so.");
            return existing;
        }

        if (Separator.Length == 0)
        {
            log.Problem($"{Name} is '{existing}', and the agent needs it to be '{Value}': another agent, or another copy of this one, is set up. Take it out first.");
            return null;
        }

        if (Foreign.FirstOrDefault(word => existing.Contains(word, StringComparison.OrdinalIgnoreCase)) is { } foreign)
        {
            log.Problem($"{Name} has '{foreign}' in it: another agent is loaded by it, and two would fight. Take that one out first.");
            return null;
        }

        log.Note($"{Name} was '{existing}'; what the agent needs is added to it.");
        return Join(existing);
    }

    private bool IsIn(string existing)
    {
        var parts = Separator.Length == 0 ? [existing] : existing.Split(Separator);
        var wanted = (Before + Separator + After).Split(Separator.Length == 0 ? "\0" : Separator).Where(part => part.Length > 0).ToList();
        return wanted.TrueForAll(parts.Contains);
    }

    private string Join(string existing) => string.Join(Separator, new[] { Before, existing, After }.Where(part => part.Length > 0));
}
