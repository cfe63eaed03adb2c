using System.Globalization;
using Gantry.Estate.Sampling;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;

namespace Gantry.Hub.Api;

/// <summary>What changed, and what stands lower than it did.</summary>
internal static class ChangeEndpoints
{
    private const string Estate = "estate";

    private const int Most = 1000;

    public static void MapChanges(this IEndpointRouteBuilder api)
    {
        api.MapGet("/changes", Changes).Produces<IReadOnlyList<ChangeRow>>().ProducesProblem(400).ProducesProblem(404)
            .WithSummary("What changed, newest first, at most 1000: of all, or of one subject (a service or host by id or name, or \"estate\"); since a time, or for 24h or 7d (the default); of one kind: version, instances, rung, configuration, instrumentation, sampling or resource");
        api.MapGet("/regressions", Regressions).Produces<IReadOnlyList<RegressionRow>>().ProducesProblem(404)
            .WithSummary("Services and hosts that stand lower than within the last seven days, with what changed shortly before; worst first; of all, or of a service or host by any of its names");
    }

    private static IResult Regressions(EstateQueries estate, RegressionBoard board, string? name = null)
    {
        var snapshot = estate.Current;
        return name is null
            ? Results.Ok(board.Current)
            : EdgeEndpoints.Called(
                "regression", snapshot, name, board.Current, static row => [row.SubjectId], static row => [row.Id, row.SubjectId, row.SubjectName], known: snapshot.Hosts.Any(host => host.Id == name || host.Name == name));
    }

    private static IResult Changes(EstateQueries estate, ChangeQueries changes, TimeProvider time, string? subject = null, string? since = null, string? kind = null)
    {
        if (SinceOf(since ?? "7d", time.GetUtcNow()) is not { } from)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"since={since}: expected a time such as 2026-11-22T14:00:00Z, or how far back: 90m, 24h or 7d");
        }

        if (kind is { Length: > 0 } && !ChangeKinds.All.Contains(kind))
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"kind={kind}: expected one of {string.Join(", ", ChangeKinds.All)}");
        }

        var filter = new ChangeFilter { Kind = kind ?? "" };
        if (subject is null or "")
        {
            return Results.Ok(changes.Since(from, filter, Most));
        }

        var snapshot = estate.Current;
        var ids = subject == Estate ? [""] : EdgeEndpoints.ServicesCalled(snapshot, subject);
        if (ids.Count == 0)
        {
            ids.UnionWith(snapshot.Hosts.Where(host => host.Id == subject || host.Name == subject).Select(host => host.Id));
        }

        // What is forgotten has no row any more, and its changes are there all the same.
        var rows = changes.Since(from, filter with { Subjects = ids.Count > 0 ? ids : [subject] }, Most);
        return ids.Count == 0 && rows.Count == 0 ? ApiEndpoints.Found<ServiceRow>(null, "service", subject) : Results.Ok(rows);
    }

    private static DateTimeOffset? SinceOf(string since, DateTimeOffset now)
    {
        if (since.EndsWith('d') && int.TryParse(since.AsSpan(0, since.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= 366)
        {
            return now - TimeSpan.FromDays(days);
        }

        return SamplingWords.ParseDuration(since) is { } back ? now - back
            : DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
            : null;
    }
}
