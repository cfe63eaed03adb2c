using Gantry.Estate.Catalogue;
using Gantry.Estate.Ladder;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>Makes one row of all rows of a declared service.</summary>
internal sealed class RowMerge
{
    private readonly DateTimeOffset _now;

    /// <summary>Ids of all rows before they are merged.</summary>
    private readonly IReadOnlySet<string> _ids;

    /// <summary>When a trace last joined a row that is about to be merged with one that is not of its own service. An SDK and an eBPF instrumentation of one process are joined
    /// in each trace, and that is no call.</summary>
    private readonly Dictionary<string, DateTimeOffset> _joined = [];

    public RowMerge(
        IReadOnlyDictionary<(string Caller, string Callee), DateTimeOffset> traces, IEnumerable<List<ServiceRow>> claimed, IReadOnlySet<string> ids, DateTimeOffset now)
    {
        _now = now;
        _ids = ids;
        var owner = new Dictionary<string, List<ServiceRow>>();
        foreach (var rows in claimed.Where(rows => rows.Count > 1))
        {
            rows.ForEach(row => owner[row.Id] = rows);
        }

        if (owner.Count == 0)
        {
            return;
        }

        foreach (var ((caller, callee), at) in traces)
        {
            var (from, to) = (owner.GetValueOrDefault(caller), owner.GetValueOrDefault(callee));
            if (from is null || from != to)
            {
                See(caller, at);
                See(callee, at);
            }
        }

        void See(string id, DateTimeOffset at)
        {
            if (owner.ContainsKey(id) && (!_joined.TryGetValue(id, out var before) || before < at))
            {
                _joined[id] = at;
            }
        }
    }

    /// <summary>Declared, and neither telemetry nor a process of it was seen within a day.</summary>
    public ServiceRow Unseen(Service service)
    {
        var row = new ServiceRow(
            IdOf(service, service.Namespace, service.Environment), service.Name, service.Namespace, service.Environment, (int)Rung.Dark, Dark: false, Stale: false, "", "", "", "", "",
            LastSeen: null, Red: null, Requests: 0, [.. Ladder.Evaluate(Ladder.Service, new Dictionary<string, Sighting>(), _now).Evidence.Select(EvidenceRow.From)], [], Next: null);
        row = Declare(row, service, [], [row.Id]);
        return row;
    }

    /// <summary>Its id is that of its declared name, whatever sends for it today: links and history stay when one of its names goes or comes.</summary>
    public ServiceRow One(Service service, (string Namespace, string Environment) place, List<ServiceRow> rows)
    {
        var own = IdOf(service, place.Namespace, place.Environment);
        // Also those that it had while less was known of where it is, or nothing at all.
        List<string> ids = [.. rows.Select(row => row.Id), own, IdOf(service, "", place.Environment), IdOf(service, place.Namespace, ""), IdOf(service, "", "")];
        if (_ids.Contains(own) && !rows.Exists(row => row.Id == own))
        {
            // Something else bears it. Two rows of one id would be worse than an id that may change.
            own = rows.Select(row => row.Id).Min(StringComparer.Ordinal)!;
        }

        if (rows.Count == 1)
        {
            return Declare(rows[0] with { Id = own, TelemetryId = rows[0].Dark ? "" : rows[0].Id }, service, rows, ids);
        }

        var sending = rows.Where(row => !row.Dark).ToList();
        // Its name must not change with what happened to send last.
        var names = service.AllNames.ToList();
        var main = (sending.Count > 0 ? sending : rows).OrderBy(row => names.IndexOf(row.Name) is >= 0 and var index ? index : int.MaxValue).ThenBy(row => row.Id, StringComparer.Ordinal).First();
        // The same requests are seen by each of them: one counts.
        var best = sending.OrderByDescending(row => row.Red is not null).ThenBy(row => row.IsObi).ThenByDescending(row => row.Requests).FirstOrDefault() ?? main;
        var standing = Ladder.Evaluate(Ladder.Service, Sightings(rows, sending.Count), _now, (Rung)Math.Min(rows.Max(row => row.Rung), (int)Rung.Infrastructure));
        var last = sending.Count > 0 ? sending.Max(row => row.LastSeen) : rows.Max(row => row.LastSeen);
        var versions = rows.OrderByDescending(row => row == best).SelectMany(row => row.Versions).Distinct().ToList();
        var merged = main with
        {
            Id = own,
            Namespace = place.Namespace,
            Environment = place.Environment,
            Rung = (int)standing.Rung,
            Dark = sending.Count == 0,
            Stale = sending.Count > 0 && (standing.Stale || _now - last > Ladder.FreshFor),
            Language = First(rows, best, row => row.Language),
            LanguageRule = First(rows, best, row => row.LanguageRule),
            RuntimeVersion = First(rows, best, row => row.RuntimeVersion),
            Instrumentation = string.Join(", ", rows.OrderByDescending(row => row == best).Select(row => row.Instrumentation).Where(text => text.Length > 0).Distinct()),
            MatchedBy = string.Join("; ", rows.Select(row => row.MatchedBy).Where(text => text.Length > 0).Distinct().Append($"the names of Service {service.Name}")),
            LastSeen = last,
            Red = best.Red,
            Requests = best.Requests,
            Evidence = [.. standing.Evidence.Select(EvidenceRow.From)],
            Processes = [.. rows.SelectMany(row => row.Processes).DistinctBy(process => process.Id)],
            Criticality = rows.Select(row => row.Criticality).FirstOrDefault(text => text.Length > 0, ""),
            Versions = [.. versions.Take(SeenWords.Most).Order(StringComparer.Ordinal)],
            MoreVersions = Math.Max(0, versions.Count - SeenWords.Most) + rows.Max(row => row.MoreVersions),
            Instances = best.Instances,
            Instruments = string.Join(", ", rows.Select(row => row.Instruments).Where(text => text.Length > 0).Distinct().Order(StringComparer.Ordinal)),
            IsObi = best.IsObi,
            TelemetryId = best.Dark ? "" : best.Id,
        };
        merged = Declare(merged, service, rows, ids);
        return merged;
    }

    private static ServiceRow Declare(ServiceRow row, Service service, IEnumerable<ServiceRow> rows, IEnumerable<string> ids) => row with
    {
        Declared = service.Name,
        Title = service.Title,
        Owner = service.Owner,
        Criticality = service.Criticality.Length > 0 ? service.Criticality : row.Criticality,
        Links = service.Links,
        Names = KnownNames.With(service, rows),
        OtherIds = [.. ids.Where(id => id != row.Id).Distinct()],
    };

    /// <summary>The freshest of each requirement, whichever row had it.</summary>
    private Dictionary<string, Sighting> Sightings(List<ServiceRow> rows, int sending)
    {
        var sightings = new Dictionary<string, Sighting>();
        foreach (var row in rows)
        {
            foreach (var evidence in row.Evidence)
            {
                var at = evidence.Id == ServiceEvidence.Joined && sending > 1
                    ? _joined.TryGetValue(row.Id, out var joined) ? joined : null
                    : evidence.LastSeen;
                if (at is { } seen && (!sightings.TryGetValue(evidence.Id, out var before) || before.At < seen))
                {
                    sightings[evidence.Id] = new Sighting(seen, evidence.Source.Length > 0 ? evidence.Source : "a trace");
                }
            }
        }

        return sightings;
    }

    private static string First(List<ServiceRow> rows, ServiceRow best, Func<ServiceRow, string> word) =>
        word(best) is { Length: > 0 } text ? text : rows.Select(word).FirstOrDefault(other => other.Length > 0, "");

    /// <summary>The id that telemetry of the declared name would have.</summary>
    private static string IdOf(Service service, string space, string environment) =>
        new ServiceKey(service.Name, service.Namespace.Length > 0 ? service.Namespace : space, service.Environment.Length > 0 ? service.Environment : environment).Id;
}
