using Gantry.Estate.Campaigns;
using Gantry.Hub.Coverage;
using Gantry.Hub.Estate;
using Gantry.Hub.Nodes;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Campaigns;

/// <summary>Once a minute: how far each campaign is, into the point of its hour; when it became done, and when and why it fell back.</summary>
internal sealed class CampaignRecorder(
    CampaignView campaigns, ResourceStore resources, EstateQueries estate, HubDatabase database, Node node, TimeProvider time, ILogger<CampaignRecorder> logger)
    : PeriodicService(Every, time, logger)
{
    /// <summary>Longer than a campaign should last; then its oldest points go.</summary>
    private const int HoursKept = 400 * 24;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>All evidence of a hub that was off for longer is stale when it starts, and the ways of journeys are learnt anew; what only that made fall back has not, and is no point either.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private Dictionary<string, CampaignPast>? _pasts;

    private DateTimeOffset _observesSince;

    protected override string What => "Writing how far campaigns are";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Run();
        return base.StartAsync(cancellationToken);
    }

    protected override void Round()
    {
        if (!node.Observes)
        {
            _pasts = null;
            return;
        }

        // Before the turn: a snapshot of a large estate takes its time.
        var declared = resources.OfKind(CampaignReader.Kind).ToList();
        var snapshot = declared.Count > 0 ? estate.Current : null;
        using var turn = ObserverTurn.Take(database, node);
        if (turn is null)
        {
            _pasts = null;
            return;
        }

        var now = Time.GetUtcNow();
        var connection = turn.Connection;
        if (_pasts is null)
        {
            _pasts = CampaignTable.Pasts(connection);
            _observesSince = now;
            campaigns.Remember(_pasts);
        }

        var pasts = new Dictionary<string, CampaignPast>();
        foreach (var row in snapshot is not null ? campaigns.All(snapshot, now) : [])
        {
            var before = _pasts.GetValueOrDefault(row.Name, CampaignPast.None);
            var after = row.State is "ended" or "draft" ? before : After(before, row, now);
            pasts[row.Name] = after;
            if (after != before)
            {
                CampaignTable.Write(connection, row.Name, after);
            }

            var isNew = now - _observesSince < Grace;
            if (row.State is not ("ended" or "draft" or "scheduled") && !(isNew && CampaignTable.Last(connection, row.Name) is { } last && (row.Reached < last.Reached || row.Services < last.Services)))
            {
                CampaignTable.Write(connection, row.Name, now.ToUnixTimeSeconds() / 3600, row.Reached, row.Services);
            }
        }

        // One that this version cannot read is declared all the same.
        CampaignTable.Purge(connection, (now.ToUnixTimeSeconds() / 3600) - HoursKept, declared.TrueForAll(resource => resource.Document is not null) ? [.. declared.Select(resource => resource.Name)] : null);
        turn.Commit();
        _pasts = pasts;
        campaigns.Remember(pasts);
    }

    private CampaignPast After(CampaignPast before, CampaignRow row, DateTimeOffset now)
    {
        var failing = row.Checks.Where(check => !check.Holds).ToList();
        if (failing.Count == 0)
        {
            return before.DoneSince is null ? new CampaignPast(now, null, "") : before;
        }

        return before.DoneSince is null || now - _observesSince < Grace ? before
            : new CampaignPast(null, now, string.Join("; ", failing.Select(check => $"{char.ToLowerInvariant(check.Wanted[0])}{check.Wanted[1..]} no longer holds: {check.Found}")));
    }
}
