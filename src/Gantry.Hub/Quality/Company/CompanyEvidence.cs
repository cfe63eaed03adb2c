using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Quality.Company;

/// <summary>What own rules are judged by, of one service at one moment.</summary>
/// <param name="Emitters">What sends or sent for it.</param>
/// <param name="HasMore">There are more emitters than the hub keeps.</param>
/// <param name="SpansSeen">When a span of it was last counted; null without one.</param>
/// <param name="Findings">Those of this service.</param>
internal sealed record CompanyEvidence(ServiceRow Row, IReadOnlyList<Emitter> Emitters, bool HasMore, DateTimeOffset? SpansSeen, IReadOnlyList<FindingRow> Findings)
{
    /// <summary>A row may be several services of the observations, which a declared Service made one: each of them counts.</summary>
    public static CompanyEvidence Of(ServiceRow row, EstateSnapshot snapshot, IEnumerable<FindingRow> findings, ObservationStore observations)
    {
        var emitters = new List<Emitter>();
        var (hasMore, spans) = (false, (DateTimeOffset?)null);
        lock (observations.Gate)
        {
            foreach (var id in row.OtherIds.Append(row.SeriesId).Append(row.Id).Distinct())
            {
                // An id that leads here by its name alone may be the id of another row.
                if (snapshot.FindService(id)?.Id != row.Id || observations.FindService_NeedsLock(id) is not { } service)
                {
                    continue;
                }

                hasMore |= service.Sources.Count >= ObservationStore.MaxSources;
                emitters.AddRange(service.Sources.Values.Select(source => new Emitter(source.Attributes, source.LastSeen)));
                foreach (var (key, operation) in service.Operations)
                {
                    spans = key.Source == Protocol.Observations.RedSource.Spans && !(operation.LastSeen <= spans) ? operation.LastSeen : spans;
                }
            }
        }

        return new CompanyEvidence(row, emitters, hasMore, spans, [.. findings]);
    }
}

/// <summary>One sender of a service, with the attributes of its resource that travel.</summary>
internal sealed record Emitter(IReadOnlyDictionary<string, string> Attributes, DateTimeOffset LastSeen)
{
    // What a stranger calls itself is shown in one line.
    private const int LongestName = 100;

    private static readonly string[] Naming = ["service.instance.id", "k8s.pod.name", "container.id", "host.name", "host.id"];

    /// <summary>"opentelemetry 1.30.0, service.instance.id 42": what a person finds it by.</summary>
    public string Name
    {
        get
        {
            var sdk = $"{Find("telemetry.distro.name") ?? Find("telemetry.sdk.name")} {Find("telemetry.distro.name") switch { null => Find("telemetry.sdk.version"), _ => Find("telemetry.distro.version") }}".Trim();
            var place = Naming.FirstOrDefault(key => Find(key) is not null) is { } naming ? $"{naming} {Find(naming)}" : "";
            var name = string.Join(", ", new[] { sdk, place }.Where(part => part.Length > 0));
            return name.Length == 0 ? "one that names nothing" : name.Length > LongestName ? name[..LongestName] : name;
        }
    }

    public string? Find(string key) => Attributes.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
}
