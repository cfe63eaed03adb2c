using System.Data.Common;
using Gantry.Hub.Fleet;
using Gantry.Hub.Nodes;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Storage;

/// <summary>
/// Loads everything at the start, then writes what changed in one transaction every few seconds, and a last time at the stop. What a crash can
/// cost is that interval; RED is cumulative at the gateway and comes back whole with its next full report.
/// </summary>
internal sealed partial class WriteBehind(
    HubDatabase database, ObservationStore observations, FleetStore fleet, Node node, TimeProvider time, ILogger<WriteBehind> logger)
    : PeriodicService(Interval, time, logger)
{
    /// <summary>Nodes write one after the other.</summary>
    public const string Turn = "gantry write-behind";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    private DateTimeOffset _purged;

    private DateTimeOffset _forgot;

    protected override string What => "Writing the state";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        using (var connection = database.Open())
        {
            var loader = new StateLoader(connection, observations, fleet, Time.GetUtcNow());
            loader.LoadFleet();
            // Of several nodes the one that observes has loaded it, or will.
            if (!node.IsShared)
            {
                loader.LoadEvidence();
            }
        }

        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        fleet.KeepSequences();
        Flush();
        database.Engine.Close();
    }

    /// <summary>Writes what changed since the last call.</summary>
    public void Flush()
    {
        var (seen, told, purged) = (new TakenRows(), new TakenRows(), _purged);
        try
        {
            using var connection = database.Open();
            using var transaction = connection.BeginTransaction();
            database.Engine.OneAtATime(connection, Turn);
            var observes = node.Observes && (!node.IsShared || NodeTable.Holder(connection) == node.Id);
            Forget(connection, observes);
            if (observes)
            {
                TakeObservations(seen);
                seen.Write(connection);
                Purge(connection);
            }

            TakeFleet(told, node.IsShared ? ChangeFeed.Next(connection, FleetSync.Topic) : 0);
            told.Write(connection);
            if (told.Count > 0)
            {
                ChangeFeed.Tell(connection, FleetSync.Topic);
            }

            transaction.Commit();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A full disk, or a value that cannot be written, must not stop the hub: memory goes on, and the next interval tries again.
            _purged = purged;
            lock (observations.Gate)
            {
                seen.GiveBack_NeedsLock();
            }

            lock (fleet.Gate)
            {
                told.GiveBack_NeedsLock();
            }

            Log.WriteFailed(logger, exception.Message);
        }
    }

    protected override void Round() => Flush();

    /// <summary>Before anything is written, so that what comes back at once has its row. Rows that a failed write left are deleted after the next
    /// start, which loads and forgets them again.</summary>
    private void Forget(DbConnection connection, bool observes)
    {
        var now = Time.GetUtcNow();
        if (now - _forgot < ForgetEvery)
        {
            return;
        }

        _forgot = now;
        IReadOnlyList<Guid> agents;
        IReadOnlyList<string> inventories;
        HashSet<string> speaking;
        lock (fleet.Gate)
        {
            (agents, inventories) = fleet.Forget_NeedsLock(now);
            speaking = [.. fleet.Agents_NeedsLock.Where(agent => agent.IsConnected(now)).Select(agent => agent.HostId)];
        }

        Delete("DELETE FROM agent WHERE uid = $id", agents.Select(agent => agent.ToString()));
        Delete("DELETE FROM inventory WHERE host = $id", inventories);
        if (!observes)
        {
            return;
        }

        Forgotten seen;
        (IReadOnlyList<string>, IReadOnlyList<(string, Quality.MetricVariant)>) quality;
        lock (observations.Gate)
        {
            seen = observations.Forget_NeedsLock(now, speaking);
            quality = observations.Quality.Forget_NeedsLock(now);
        }

        ForgetQuality(connection, quality);

        Delete("DELETE FROM host WHERE id = $id", seen.Hosts);
        Delete("DELETE FROM service WHERE id = $id", seen.Services);
        Delete("DELETE FROM red_total WHERE gateway = $id", seen.Gateways);
        Delete("DELETE FROM gateway WHERE id = $id", seen.Gateways);
        ForgetEdges(connection, seen);
        foreach (var (caller, callee) in seen.Edges)
        {
            HubDatabase.Run(connection, "DELETE FROM edge WHERE caller = $caller AND callee = $callee", ("$caller", caller), ("$callee", callee));
        }

        void Delete(string sql, IEnumerable<string> ids)
        {
            foreach (var id in ids)
            {
                HubDatabase.Run(connection, sql, ("$id", id));
            }
        }
    }

    private void Purge(DbConnection connection)
    {
        var now = Time.GetUtcNow();
        if (now - _purged < TimeSpan.FromMinutes(10))
        {
            return;
        }

        _purged = now;
        var oldest = now - Retention;
        HubDatabase.Run(connection, "DELETE FROM red_slot WHERE slot < $slot", ("$slot", oldest.UtcTicks / ServiceState.Interval.Ticks));
        HubDatabase.Run(connection, "DELETE FROM operation_slot WHERE slot < $slot", ("$slot", oldest.UtcTicks / ServiceState.OperationInterval.Ticks));
        HubDatabase.Run(connection, "DELETE FROM edge_slot WHERE slot < $slot", ("$slot", oldest.UtcTicks / ServiceState.OperationInterval.Ticks));
        HubDatabase.Run(connection, "DELETE FROM use_point WHERE at < $at", ("$at", oldest.ToUnixTimeMilliseconds()));
    }
}
