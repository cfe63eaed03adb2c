using System.Data.Common;
using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Nodes;

/// <summary>
/// One node observes at a time: the one whose session holds an advisory lock of the database. The lock ends with the session, so also with a killed process,
/// and the next node takes over within a second or two, with all evidence out of the database. What was acknowledged and not yet written then (five seconds at
/// most) comes again with the gateways' next full reports, for they count cumulatively.
/// <para>
/// A session may end without its node knowing at once. Therefore the holder's id stands in a row too, and a node writes evidence only in a transaction that
/// finds its own there: the one that is late writes nothing.
/// </para>
/// </summary>
internal sealed class ObserverLease(
    Node node, HubDatabase database, ObservationStore observations, FleetStore fleet, TimeProvider time, ILogger<ObserverLease> logger)
    : PeriodicService(Every, time, logger), IHostedLifecycleService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _beat = new();

    private DbConnection? _session;

    protected override string What => "Telling other nodes of this one";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (node.IsShared)
        {
            // Before the doors open: the only node must not begin by looking for another.
            Beat();
            await base.StartAsync(cancellationToken);
        }
    }

    /// <summary>The doors are open and this node's address is known: told at once, so that a node that starts now finds it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (node.IsShared)
        {
            Beat();
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!node.IsShared)
        {
            return;
        }

        try
        {
            if (_session is { } session)
            {
                HubDatabase.Run(session, "SELECT pg_advisory_unlock_all()");
                NodeTable.Leave(session, node.Id);
            }
        }
        catch (DbException)
        {
            // It ends with the session all the same.
        }

        _session?.Dispose();
        _session = null;
    }

    protected override void Round() => Beat();

    /// <summary>Tells of this node, learns of the others, and takes the lease where it is free.</summary>
    private void Beat()
    {
        lock (_beat)
        {
            Beat_NeedsLock();
        }
    }

    private void Beat_NeedsLock()
    {
        try
        {
            _session ??= database.Open();
            if (node.Address is { Length: > 0 } address)
            {
                NodeTable.Live(_session, node.Id, address);
            }

            if (!node.Observes && TryLock(_session))
            {
                TakeOver();
            }

            node.Learn(NodeTable.Alive(_session), NodeTable.Holder(_session));
        }
        catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
        {
            if (node.Observes)
            {
                Log.LeaseLost(logger, exception.Message);
            }

            // The lock went with the session.
            node.Observes = false;
            _session?.Dispose();
            _session = null;
        }
    }

    private static bool TryLock(DbConnection session)
    {
        using var command = HubDatabase.Command(session, "SELECT CAST(pg_try_advisory_lock(hashtextextended('gantry observer', 0)) AS INTEGER)");
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) == 1;
    }

    private void TakeOver()
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        // After whatever the one before is still writing.
        database.Engine.OneAtATime(connection, WriteBehind.Turn);
        NodeTable.TakeLease(connection, node.Id);
        lock (observations.Gate)
        {
            observations.Clear_NeedsLock();
            new StateLoader(connection, observations, fleet, Time.GetUtcNow()).LoadEvidence();
        }

        transaction.Commit();
        node.Observes = true;
        Log.Observes(logger, node.Id);
    }
}
