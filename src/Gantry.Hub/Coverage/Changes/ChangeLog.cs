using Gantry.Hub.Storage;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>Reads what changed from the table, so that it is there after a restart. A service that became one of several has the history of each of them.</summary>
internal sealed class ChangeLog(HubDatabase database, EstateQueries estate, TimeProvider time) : ChangeQueries
{
    public override IReadOnlyList<ChangeRow> Since(DateTimeOffset since, string? subjectId = null, int most = 1000)
    {
        IReadOnlyList<string>? ids = subjectId is null ? null : estate.Current.FindService(subjectId) is { } row ? [row.Id, .. row.OtherIds.Take(100)] : [subjectId];
        return ChangeTable.Read(database, since, time.GetUtcNow(), ids, "", most);
    }
}
