namespace Gantry.Estate.Methods;

/// <summary>Reads <see cref="MatrixTable"/>.</summary>
internal static class MatrixReader
{
    private const string None = "-";

    /// <exception cref="FormatException">A line is not as the table's head says.</exception>
    public static IReadOnlyList<MatrixCell> Read(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(Line)];

    private static MatrixCell Line(string line)
    {
        var columns = line.Split('|').Select(Words).ToArray();
        return columns is [[var language, var platform], var baseline, var transactions, var otherwise, [var confidence], var sources, var limits]
            ? new MatrixCell(language, platform, baseline, transactions, otherwise, confidence, sources, limits)
            : throw new FormatException($"line '{line}' of the matrix is not: language platform | baseline | transactions | otherwise | confidence | sources | limits");
    }

    private static string[] Words(string column) => column.Trim() == None ? [] : column.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
