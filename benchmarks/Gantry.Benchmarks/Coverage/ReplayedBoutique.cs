using System.Globalization;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.Coverage;

/// <summary>
/// Recorded traces of the Online Boutique as three breaks would have left them: cart does not continue what it is sent, currency is dark, and a third of payment's spans is lost.
/// </summary>
internal static class ReplayedBoutique
{
    private const string Deaf = "cartservice";
    private const string Dark = "currencyservice";
    private const string Silent = "shippingservice";

    public static CoverageWorkload? Load()
    {
        var folder = Environment.GetEnvironmentVariable("GANTRY_TRACES") ?? Path.Combine(Repository.Root, "..", "shared", "data", "traces");
        return Directory.Exists(folder) && RecordedTraces.Read(folder) is { Count: > 0 } rows ? Make(rows) : null;
    }

    private static CoverageWorkload Make(List<SpanRow> rows)
    {
        var random = new Random(11);
        var planted = new HashSet<PlantedBreak>();
        var traces = rows.GroupBy(row => row.Trace, StringComparer.Ordinal).Select(trace => Break(Spans([.. trace]), random, planted)).ToList();
        var entries = traces.SelectMany(trace => trace).Where(span => span is { Parent: 0, Kind: 2 } && span.Service != Deaf).Select(span => (span.Service, span.Operation)).Distinct().ToList();
        return new CoverageWorkload(
            "recorded Online Boutique traces", traces, [.. planted], entries, [Dark], new Dictionary<string, string>(), [.. traces.SelectMany(trace => trace).Select(span => span.Service).Distinct()]);
    }

    /// <summary>A span whose parent runs elsewhere serves; one with a child elsewhere calls; a root serves.</summary>
    private static List<CoverageSpan> Spans(SpanRow[] rows)
    {
        var byId = rows.DistinctBy(row => row.Span).ToDictionary(row => row.Span);
        var callees = rows.Where(row => byId.TryGetValue(row.Parent, out var parent) && ServiceOf(parent) != ServiceOf(row)).GroupBy(row => row.Parent).ToDictionary(group => group.Key, group => ServiceOf(group.First()));
        return [.. byId.Values.Select(row =>
        {
            var isServer = row.Parent.Length == 0 || (byId.TryGetValue(row.Parent, out var parent) && ServiceOf(parent) != ServiceOf(row));
            var peer = callees.GetValueOrDefault(row.Span, "");
            return new CoverageSpan(
                Hex(row.Trace[..16]), Hex(row.Trace[16..]), Hex(row.Span), row.Parent.Length == 0 ? 0 : Hex(row.Parent), ServiceOf(row), isServer ? 2 : peer.Length > 0 ? 3 : 1,
                row.Operation, isServer ? "" : peer, false);
        })];
    }

    private static CoverageSpan[] Break(List<CoverageSpan> spans, Random random, HashSet<PlantedBreak> planted)
    {
        var children = spans.ToLookup(span => span.Parent);
        var result = new List<CoverageSpan>();
        foreach (var root in spans.Where(span => span.Parent == 0 || !spans.Exists(other => other.Id == span.Parent)))
        {
            Walk(root, (root.High, root.Low), root.Parent);
        }

        return [.. result];

        void Walk(CoverageSpan span, (ulong High, ulong Low) trace, ulong parent)
        {
            var isCalled = span.Kind == 2 && parent != 0;
            if (isCalled && (span.Service == Dark || (span.Service == Silent && random.Next(3) == 0)))
            {
                planted.Add(new PlantedBreak(CallerOf(span), span.Service, span.Service == Dark ? "hop-dark" : "spans-missing"));
                return;
            }

            if (isCalled && span.Service == Deaf)
            {
                planted.Add(new PlantedBreak(CallerOf(span), Deaf, "context-not-continued"));
                (trace, parent) = (((ulong)random.NextInt64() + 1, ((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64()), 0);
            }

            result.Add(span with { High = trace.High, Low = trace.Low, Parent = parent });
            foreach (var child in children[span.Id])
            {
                Walk(child, trace, span.Id);
            }
        }

        string CallerOf(CoverageSpan span) => spans.Find(other => other.Id == span.Parent)!.Service;
    }

    private static string ServiceOf(SpanRow row) => row.Pod.Split('-')[0];

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
