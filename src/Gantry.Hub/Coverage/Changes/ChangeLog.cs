using Gantry.Hub.Storage;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>Reads what changed from the table, so that it is there after a restart. A service that became one of several has the history of each of them.</summary>
internal sealed class ChangeLog(HubDatabase database, EstateQueries estate, TimeProvider time) : ChangeQueries
{
    /// <summary>A statement takes only so many values.</summary>
    private const int MostIds = 2000;

    public override IReadOnlyList<ChangeRow> Since(DateTimeOffset since, ChangeFilter? filter = null, int most = 1000) =>
        ChangeTable.Read(database, since, time.GetUtcNow(), filter?.Subjects is { } subjects ? filter with { Subjects = Ids(subjects) } : filter, most);

    private List<string> Ids(IReadOnlyCollection<string> subjects)
    {
        var snapshot = estate.Current;
        return [.. subjects.SelectMany(id => snapshot.FindService(id) is { } row ? [id, row.Id, .. row.OtherIds.Take(100)] : new[] { id }).Distinct().Take(MostIds)];
    }
}
