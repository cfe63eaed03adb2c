using Gantry.Estate.Ladder;
using Gantry.Estate.Red;
using Gantry.Hub.Coverage.Catalogue;
using Gantry.Hub.Coverage.Processes;
using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Coverage;

/// <summary>Forms the rows of services: one for each service that sends, with its processes, and one for each kind of listening process that sends
/// nothing.</summary>
internal sealed class ServiceRows(
    DateTimeOffset now, ObservationStore observations, IReadOnlyList<HostProcess> processes, ProcessStates states, IReadOnlySet<string> visibleHosts, ServiceIndex declared)
{
    // A minute of counts, and what a report may take to come.
    private static readonly TimeSpan RedIsNow = TimeSpan.FromSeconds(90);

    // An emitter that fell silent longer ago says nothing about which process is what.
    private static readonly TimeSpan SourceCounts = TimeSpan.FromHours(1);

    private readonly ProcessMatcher _matcher = new(processes);
    private readonly HashSet<HostProcess> _matched = [];

    public List<ServiceRow> Build_NeedsLock()
    {
        var rows = new List<ServiceRow>();
        foreach (var service in observations.Services_NeedsLock.Where(service => now - service.LastSeen < ObservationStore.Kept))
        {
            rows.Add(Sending(service));
        }

        rows.AddRange(processes
            .Where(process => process.Listens && !_matched.Contains(process))
            .GroupBy(process => (process.HostId, process.Fact.DeclaredService, process.Fact.DisplayName, process.Fact.Executable, process.Fact.Script))
            .Select(group => DarkRow([.. group])));
        return rows;
    }

    private ServiceRow Sending(ServiceState service)
    {
        var own = new List<HostProcess>();
        var rule = "";
        SourceState? newest = null;
        var seen = new SeenSources(now);
        var isComplete = Ladder.Evaluate(Ladder.Service, service.Sightings, now).Rung >= Rung.Baseline;
        foreach (var source in service.Sources.Values.Where(source => now - source.LastSeen < SourceCounts))
        {
            newest = newest is null || source.LastSeen > newest.LastSeen ? source : newest;
            seen.Add(source);
            var (found, why) = _matcher.Match(service.Key, source);
            found = found.Any(process => declared.Separates(service.Key, process.Fact)) ? [.. found.Where(process => !declared.Separates(service.Key, process.Fact))] : found;
            if (found.Count > 0)
            {
                own.AddRange(found.Where(process => !own.Contains(process)));
                states.See(service, source, found, isComplete);
                rule = why.Length > 0 ? why : rule;
            }
        }

        _matched.UnionWith(own);
        newest ??= service.Sources.Values.MaxBy(source => source.LastSeen);
        // What sends at all is not dark: it stands where its host stands.
        var ground = now - service.LastSeen <= Ladder.FreshFor && own.Exists(process => visibleHosts.Contains(process.HostId)) ? Rung.Infrastructure : Rung.Dark;
        var standing = Ladder.Evaluate(Ladder.Service, service.Sightings, now, ground);
        var first = own.FirstOrDefault()?.Fact;
        return new ServiceRow(
            service.Id,
            service.Key.Name,
            service.Key.Namespace,
            service.Key.Environment,
            (int)standing.Rung,
            Dark: false,
            standing.Stale || now - service.LastSeen > Ladder.FreshFor,
            Language: First(newest?.Find("telemetry.sdk.language"), first?.Language),
            LanguageRule: newest?.Find("telemetry.sdk.language") is { Length: > 0 } ? "telemetry.sdk.language of its telemetry" : first?.LanguageRule ?? "",
            RuntimeVersion: First(newest?.Find("process.runtime.version"), first?.RuntimeVersion),
            Instrumentation: InstrumentationOf(newest),
            MatchedBy: rule,
            LastSeen: service.LastSeen == default ? null : service.LastSeen,
            Red: RedOf(service),
            Requests: observations.InboundRequests_NeedsLock(service),
            Evidence: [.. standing.Evidence.Select(EvidenceRow.From)],
            Processes: [.. own.Select(states.Row)],
            Next: null)
        {
            Names = KnownNames.Of(service.Key.Name, seen.HasObi, seen.HasSdk, own, rule),
            Criticality = seen.Criticality,
            Versions = seen.Versions,
            MoreVersions = seen.MoreVersions,
            Instances = seen.Instances,
            Instruments = seen.Instruments,
            IsObi = seen is { HasObi: true, HasSdk: false },
        };
    }

    private ServiceRow DarkRow(List<HostProcess> group)
    {
        var fact = group[0].Fact;
        var standing = Ladder.Evaluate(Ladder.Service, new Dictionary<string, Sighting>(), now);
        // The name that it declares may be the one that it was taken for.
        var name = declared.Separates(new ServiceKey(fact.DeclaredService, fact.DeclaredNamespace, ""), fact) ? fact.DisplayName : First(fact.DeclaredService, fact.DisplayName);
        return new ServiceRow(
            RowId.Of($"dark-{name}", group[0].HostId, fact.DeclaredService, fact.DisplayName, fact.Executable, fact.Script),
            name,
            fact.DeclaredNamespace,
            "",
            (int)Rung.Dark,
            Dark: true,
            Stale: false,
            fact.Language,
            fact.LanguageRule,
            fact.RuntimeVersion,
            Instrumentation: "",
            MatchedBy: "",
            LastSeen: group.Max(process => process.Inventory.Received),
            Red: null,
            Requests: 0,
            Evidence: [.. standing.Evidence.Select(EvidenceRow.From)],
            Processes: [.. group.Select(states.Row)],
            Next: null)
        {
            Names = KnownNames.Of("", isObi: false, isSdk: false, [group[0]], ""),
        };
    }

    private RedNow? RedOf(ServiceState service)
    {
        if (service.BestSource(now) is not { } source || service.Inbound[source].Last is not { } last)
        {
            return null;
        }

        var window = service.Inbound[source];
        if (now - window.StartOf(last.Slot + 1) > RedIsNow)
        {
            // The chart has what was; "now" is nothing.
            return null;
        }

        const int Slots = 6;
        var sum = new RedSlot(0);
        foreach (var slot in window.Since(last.Slot - Slots + 1))
        {
            sum.Add(slot.Calls, slot.Errors, slot.Buckets);
        }

        var seconds = Slots * window.Interval.TotalSeconds;
        return new RedNow(
            sum.Calls / seconds,
            sum.Calls == 0 ? 0 : (double)sum.Errors / sum.Calls,
            DurationBuckets.Quantile(sum.Buckets, 0.5),
            DurationBuckets.Quantile(sum.Buckets, 0.95),
            DurationBuckets.Quantile(sum.Buckets, 0.99),
            source == RedSource.Spans ? "spans" : "metrics",
            window.StartOf(last.Slot + 1) > service.LastSeen ? service.LastSeen : window.StartOf(last.Slot + 1));
    }

    internal static string InstrumentationOf(SourceState? source)
    {
        if (source is null)
        {
            return "";
        }

        var distro = source.Find("telemetry.distro.name");
        return distro.Length > 0
            ? $"{distro} {source.Find("telemetry.distro.version")}".Trim()
            : $"{source.Find("telemetry.sdk.name")} {source.Find("telemetry.sdk.version")}".Trim();
    }

    private static string First(string? a, string? b) => !string.IsNullOrEmpty(a) ? a : b ?? "";
}
