using Gantry.Cli.Terminals;

namespace Gantry.Cli.Declare;

/// <summary>Lines of a difference on a terminal.</summary>
internal static class DiffText
{
    public static string Clean(string line) => string.Concat(line.Select(c => char.IsControl(c) && c != '\t' ? '�' : c));

    public static void Write(Terminal terminal, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            var text = Clean(line);
            terminal.Out.WriteLine(line[0] == '-' ? terminal.OutPaint.Red(text) : text);
        }
    }
}
