using System.Text;

namespace Gantry.Cli.Terminals;

/// <summary>A column of a table.</summary>
/// <param name="Right">Numbers and ages stand right.</param>
/// <param name="Wide">Only with <c>-o wide</c>.</param>
internal sealed record Column<T>(string Title, Func<T, string> Cell, bool Right = false, bool Wide = false);

/// <summary>Aligned columns, two blanks apart, one line a row: for eyes, and for awk.</summary>
internal static class Table
{
    private const string Gap = "  ";

    // A name that somebody sent must not push everything else off the screen.
    private const int MaxCell = 60;

    public static void Write<T>(TextWriter output, IReadOnlyList<Column<T>> columns, IReadOnlyList<T> rows, string indent = "")
    {
        var lines = new List<string[]> { columns.Select(column => column.Title).ToArray() };
        lines.AddRange(rows.Select(row => columns.Select(column => Clean(column.Cell(row))).ToArray()));
        var widths = columns.Select((_, i) => lines.Max(line => line[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Clear().Append(indent);
            for (var i = 0; i < line.Length; i++)
            {
                text.Append(columns[i].Right ? line[i].PadLeft(widths[i]) : line[i].PadRight(widths[i])).Append(Gap);
            }

            output.WriteLine(text.ToString().TrimEnd());
        }
    }

    /// <summary>Names come from whoever sends telemetry: no control characters (a terminal obeys them), no empty cells (awk skips them).</summary>
    public static string Clean(string cell)
    {
        if (cell.Length == 0)
        {
            return "-";
        }

        var text = cell.Length > MaxCell ? string.Concat(cell.AsSpan(0, MaxCell - 1), "…") : cell;
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '�' : c)) : text;
    }
}
