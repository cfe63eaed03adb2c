using System.Globalization;
using System.IO.Compression;

namespace Gantry.Benchmarks.Workload;

/// <summary>
/// Reads recordings of the Online Boutique demo: gzipped CSV with the columns TraceID, SpanID, ParentID ("root" for none), PodName,
/// OperationName, StartTimeUnixNano, EndTimeUnixNano, Duration.
/// </summary>
internal static class RecordedTraces
{
    public static List<SpanRow> Read(string folder)
    {
        var rows = new List<SpanRow>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.csv.gz").Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            for (var number = 1; text.ReadLine() is { } line; number++)
            {
                if (number > 1)
                {
                    rows.Add(Parse(line.Split(',')) ?? throw new BenchmarkException($"{file}, line {number}: expected 8 columns, found \"{line}\""));
                }
            }
        }

        return rows;
    }

    private static SpanRow? Parse(string[] columns) =>
        columns.Length >= 7
        && ulong.TryParse(columns[5], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
        && ulong.TryParse(columns[6], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            ? new SpanRow(columns[0], columns[1], columns[2] == "root" ? "" : columns[2], columns[3], columns[4], start, end)
            : null;
}
