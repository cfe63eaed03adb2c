using System.Text.Json;

namespace Gantry.Benchmarks.Allocations;

/// <summary>Prints each case beside its record. A test fails when a case is more than a tenth above it; a record is changed by hand, with a reason.</summary>
internal static class AllocationsBenchmark
{
    public const double Tolerance = 1.1;

    public static string RecordFile { get; } = Path.Combine(Repository.Root, "benchmarks", "allocations.json");

    public static int Run(Arguments arguments)
    {
        var record = ReadRecord();
        var measured = AllocationCases.Measure();
        foreach (var (name, bytes) in measured)
        {
            arguments.Words.WriteLine($"{name,-38} {bytes,12:N1} bytes   recorded {(record.TryGetValue(name, out var known) ? $"{known:N1}" : "nothing")}");
        }

        arguments.Report(measured);
        var above = Above(measured, record);
        return above.Count == 0 ? 0 : throw new BenchmarkException("above the record: " + string.Join("; ", above));
    }

    public static Dictionary<string, double> ReadRecord() =>
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllBytes(RecordFile)) ?? [];

    /// <summary>Cases that allocate more than is recorded, and cases that have no record, in words.</summary>
    public static List<string> Above(IReadOnlyDictionary<string, double> measured, IReadOnlyDictionary<string, double> record) =>
    [
        .. measured.Where(item => !record.TryGetValue(item.Key, out var known) || item.Value > known * Tolerance)
            .Select(item => $"{item.Key}: {item.Value:N1} bytes, recorded {(record.TryGetValue(item.Key, out var known) ? $"{known:N1}" : "nothing")}"),
    ];
}
