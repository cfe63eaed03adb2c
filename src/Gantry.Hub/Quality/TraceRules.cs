using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Quality;

/// <summary>The rules about spans, on each chosen trace: those are whole, whichever gateways its spans took.</summary>
internal sealed class TraceRules(ObservationStore observations) : ITraceJudge
{
    /// <summary>SPA-001.</summary>
    private const int MostInternal = 10;

    /// <summary>SPA-005.</summary>
    private const int MostShort = 20;

    private const ulong ShortNano = 5_000_000;

    private const int Internal = 1;
    private const int Client = 3;

    // Sampling at the source takes parents away that were there.
    private static readonly TimeSpan SamplingCounts = TimeSpan.FromDays(1);

    public void Judge(ChosenTrace trace, DateTimeOffset now)
    {
        // A linked span belongs to another trace.
        var spans = trace.Spans.Where(span => !span.IsLink).ToList();
        var ids = spans.Select(span => span.Id).ToHashSet();
        var isShort = spans.Count(span => span.DurationNano < ShortNano);
        var name = $"trace {trace.High:x16}{trace.Low:x16}";
        lock (observations.Gate)
        {
            var isSampled = spans.Exists(span => span.Service.SampledAt is { } at && now - at < SamplingCounts);
            foreach (var own in spans.GroupBy(span => span.Service.Key))
            {
                if (observations.Quality.Of(own.Key) is not { } service)
                {
                    continue;
                }

                var inner = own.Count(span => span.Kind == Internal);
                service.See(Checks.InternalSpans, now, inner > MostInternal, $"{inner} INTERNAL spans in {name}");
                var root = own.FirstOrDefault(span => span.Parent == 0 && span.Kind == Client);
                service.See(Checks.ClientRoots, now, root is not null, $"{root?.Operation} begins {name}");
                var ownShort = own.Count(span => span.DurationNano < ShortNano);
                service.See(Checks.ShortSpans, now, isShort > MostShort && ownShort > 0, $"{isShort} spans under 5 ms in {name}, {ownShort} of them its own");
                if (!isSampled)
                {
                    var orphan = own.FirstOrDefault(span => span.Parent != 0 && !ids.Contains(span.Parent));
                    service.See(Checks.Orphans, now, orphan is not null, orphan is null ? "" : $"the parent of {orphan.Operation} ({SpanKinds.NameOf(orphan.Kind)}) is not in {name}");
                }
            }
        }
    }
}
