using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>
/// Cuts a report into parts of bounded size, each complete in itself: a hub takes 64 MiB at most, and a full report of a large gateway is more. The
/// first part has the host values and the skeletons.
/// </summary>
internal static class ReportParts
{
    /// <summary>A series, an edge or a finding is some 200 bytes, a source 1 to 2 kB: a part stays below about 8 MB.</summary>
    public const int MaxSeries = 10_000;

    public const int MaxSources = 1_000;

    /// <summary>2 KiB each.</summary>
    public const int MaxSketches = 1_000;

    public static IEnumerable<ObservationBatch> Of(ObservationBatch report, ServiceRegistry services)
    {
        int[] needed =
        [
            1, Parts(report.Red.Count, MaxSeries), Parts(report.Sources.Count, MaxSources), Parts(report.Edges.Count, MaxSeries), Parts(report.Findings.Count, MaxSeries),
            Parts(report.QualityFacts.Count, MaxSeries), Parts(report.MetricFacts.Count, MaxSeries), Parts(report.AttributeSketches.Count, MaxSketches),
        ];
        var count = needed.Max();
        for (var i = 0; i < count; i++)
        {
            var part = new ObservationBatch
            {
                GatewayId = report.GatewayId,
                GatewayStartUnixNano = report.GatewayStartUnixNano,
                Replaces = report.Replaces,
                SentUnixNano = report.SentUnixNano,
                OtlpHttp = report.OtlpHttp,
                ForwardProblem = report.ForwardProblem,
                ForwardProblemUnixNano = report.ForwardProblemUnixNano,
                SamplingRevision = report.SamplingRevision,
                SamplingSinceUnixNano = report.SamplingSinceUnixNano,
                SpansSeen = report.SpansSeen,
                SpansKept = report.SpansKept,
                ChosenThreshold = report.ChosenThreshold,
            };
            part.Red.AddRange(report.Red.Skip(i * MaxSeries).Take(MaxSeries));
            part.Sources.AddRange(report.Sources.Skip(i * MaxSources).Take(MaxSources));
            part.Edges.AddRange(report.Edges.Skip(i * MaxSeries).Take(MaxSeries));
            part.Findings.AddRange(report.Findings.Skip(i * MaxSeries).Take(MaxSeries));
            part.QualityFacts.AddRange(report.QualityFacts.Skip(i * MaxSeries).Take(MaxSeries));
            part.MetricFacts.AddRange(report.MetricFacts.Skip(i * MaxSeries).Take(MaxSeries));
            part.AttributeSketches.AddRange(report.AttributeSketches.Skip(i * MaxSketches).Take(MaxSketches));
            if (i == 0)
            {
                part.HostPoints.AddRange(report.HostPoints);
                part.Spans.AddRange(report.Spans);
                part.Groups.AddRange(report.Groups);
                part.ChosenSinceUnixNano = report.ChosenSinceUnixNano;
            }

            // The first part has the skeletons, so it is never the one that says that nothing is left, unless it is the only one.
            part.IsLast = report.IsLast && i == count - 1;
            part.Services.AddRange(part.Red.Select(series => series.Service)
                .Concat(part.Sources.Select(source => source.Service))
                .Concat(part.Groups.Select(group => group.Service))
                .Concat(part.Edges.Select(edge => edge.Service))
                .Concat(part.Findings.Select(finding => finding.Service))
                .Concat(part.QualityFacts.Select(fact => fact.Service))
                .Concat(part.MetricFacts.Select(fact => fact.Service))
                .Concat(part.AttributeSketches.Select(sketch => sketch.Service))
                .Where(id => id != 0)
                .Distinct()
                .Select(id => services[id]));
            yield return part;
        }
    }

    private static int Parts(int items, int most) => (items + most - 1) / most;
}
