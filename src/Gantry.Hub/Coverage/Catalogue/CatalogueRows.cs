using Gantry.Estate.Catalogue;
using Gantry.Estate.Ladder;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>
/// Puts what is declared to what is seen: rows whose names one <see cref="Service"/> claims become one, and a service that nothing is seen of has a row too. Each row is
/// looked at once.
/// </summary>
internal sealed class CatalogueRows(ServiceIndex declared, IReadOnlyDictionary<(string Caller, string Callee), DateTimeOffset> traces, DateTimeOffset now)
{
    private readonly List<ServiceRow> _rows = [];
    private readonly Dictionary<string, string> _aliases = [];

    /// <summary>Ids of rows that were made one with another, and ids that declared names would have: each with the id of its row.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _aliases;

    public List<ServiceRow> Merge(List<ServiceRow> rows)
    {
        if (declared.All.Count == 0)
        {
            return rows;
        }

        var claimed = new Dictionary<Service, List<ServiceRow>>(ReferenceEqualityComparer.Instance);
        foreach (var row in rows)
        {
            if (declared.Claim(row) is not { } service)
            {
                _rows.Add(row);
            }
            else if (claimed.TryGetValue(service, out var some))
            {
                some.Add(row);
            }
            else
            {
                claimed.Add(service, [row]);
            }
        }

        var merge = new RowMerge(traces, claimed.Values, rows.Select(row => row.Id).ToHashSet(), now);
        foreach (var service in declared.All)
        {
            if (!claimed.TryGetValue(service, out var some))
            {
                Add(merge.Unseen(service));
                continue;
            }

            foreach (var (place, group) in ByPlace(some))
            {
                Add(merge.One(service, place, group));
            }
        }

        // A row that is there goes before what leads to another, and its history is its own.
        var ids = _rows.Select(row => row.Id).ToHashSet();
        for (var i = 0; i < _rows.Count; i++)
        {
            _aliases.Remove(_rows[i].Id);
            if (_rows[i].OtherIds.Any(ids.Contains))
            {
                _rows[i] = _rows[i] with { OtherIds = [.. _rows[i].OtherIds.Where(id => !ids.Contains(id))] };
            }
        }

        return _rows;
    }

    /// <summary>The same name in production and in staging is two services. A row that does not say where it is belongs to the only place that there is.</summary>
    private static IEnumerable<((string Namespace, string Environment) Place, List<ServiceRow> Rows)> ByPlace(List<ServiceRow> rows)
    {
        if (rows.Count == 1)
        {
            return [((rows[0].Namespace, rows[0].Environment), rows)];
        }

        return Split(rows, row => row.Environment).SelectMany(
            environment => Split(environment.Rows, row => row.Namespace).Select(space => ((space.Word, environment.Word), space.Rows)));
    }

    private static List<(string Word, List<ServiceRow> Rows)> Split(List<ServiceRow> rows, Func<ServiceRow, string> word)
    {
        var known = rows.Select(word).Where(text => text.Length > 0).Distinct().ToList();
        return known.Count < 2 ? [(known.FirstOrDefault(""), rows)] : [.. rows.GroupBy(word).Select(group => (group.Key, group.ToList()))];
    }

    private void Add(ServiceRow row)
    {
        _rows.Add(row);
        foreach (var id in row.OtherIds)
        {
            _aliases.TryAdd(id, row.Id);
        }
    }
}
