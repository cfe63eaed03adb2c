using System.Text;

namespace Gantry.Agent.Processes.Agents;

/// <summary>By what an agent is recognised.</summary>
internal enum MarkKind
{
    /// <summary>The name of a mapped file begins with the text.</summary>
    MappedFile,

    /// <summary>The path of a mapped file holds the text.</summary>
    MappedPath,

    /// <summary>A mapping of memory has this name.</summary>
    MappedMemory,

    /// <summary>A variable of this name is set; its value is not looked at.</summary>
    Variable,

    /// <summary>The variable <see cref="Mark.Name"/> holds the text.</summary>
    Value,

    /// <summary>CORECLR_PROFILER is this id, and CORECLR_PROFILER_PATH holds <see cref="Mark.Name"/>, because several agents share an id.</summary>
    Profiler,

    /// <summary>A jar behind -javaagent:, or open in a Java process, whose name begins with the text, in a folder that holds <see cref="Mark.Name"/>.</summary>
    JavaAgent,

    /// <summary>A module that Node.js or Ruby loads first (-r, --require, --import) and that holds the text.</summary>
    Module,
}

/// <summary>One thing that gives an agent away. Matched in place, byte by byte: nothing of a process is copied for it.</summary>
internal sealed class Mark(MarkKind kind, string text, string name = "")
{
    public MarkKind Kind { get; } = kind;

    public string Text { get; } = text;

    public byte[] TextBytes { get; } = Encoding.UTF8.GetBytes(text);

    public string Name { get; } = name;

    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>In words, for a person. It is made of the table's words, and of a file's name where that is what was found.</summary>
    public string Rule(string file) => Kind switch
    {
        MarkKind.MappedFile => $"{file} is mapped",
        MarkKind.MappedPath => $"a file of {Text.Trim('/')} is mapped",
        MarkKind.MappedMemory => $"memory named {Text} is mapped",
        MarkKind.Variable => $"{Text} is set",
        MarkKind.Value => $"{Name} names {Text}",
        MarkKind.Profiler => $"CORECLR_PROFILER is {Text}{(Name.Length > 0 ? $" and its path names {Name}" : "")}",
        MarkKind.JavaAgent => file,
        _ => $"{Text} is loaded first",
    };
}
