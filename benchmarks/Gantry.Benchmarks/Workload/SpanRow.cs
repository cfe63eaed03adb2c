namespace Gantry.Benchmarks.Workload;

/// <summary>One recorded span; ids in hex, <paramref name="Parent"/> empty for a root.</summary>
internal sealed record SpanRow(string Trace, string Span, string Parent, string Pod, string Operation, ulong StartNano, ulong EndNano);
