using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Writes collectors: behind, in batches, what polls changed; at once what operators decide. One writer at a time, so no older row follows a newer one.</summary>
internal sealed class CollectorWriter(CollectorStore store, HubDatabase database, ChangeFeed changes, TimeProvider time, ILogger<CollectorWriter> logger)
    : PeriodicService(Interval, time, logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    // So that after a restart, and on other nodes, nobody seems to have been silent for long.
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(10);

    private readonly Lock _writing = new();
    private DateTimeOffset _swept;
    private List<string> _gone = [];

    protected override string What => "Writing collectors";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        CollectorTable.Load(database, store);
        changes.Subscribe(CollectorTable.Topic, Refresh);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Flush(all: true);
    }

    /// <summary>A decision of an operator: made under the store's lock, written, and only then in force.</summary>
    /// <param name="decide">Says what would change, and changes nothing; null when it refuses.</param>
    /// <param name="apply">Changes it. Called when the rows are on disk, under the lock.</param>
    /// <exception cref="DbException">The state cannot be written; nothing has changed.</exception>
    public bool Decide(Func<CollectorRows?> decide, Action apply)
    {
        lock (_writing)
        {
            CollectorRows? rows;
            lock (store.Gate)
            {
                rows = decide();
            }

            if (rows is null)
            {
                return false;
            }

            CollectorTable.Write(database, rows, isDurable: true);
            lock (store.Gate)
            {
                apply();
            }

            return true;
        }
    }

    public void Flush(bool all = false)
    {
        lock (_writing)
        {
            if (database.Engine.IsShared && Time.GetUtcNow() - _swept >= SweepEvery)
            {
                TryRefresh();
            }

            var rows = new CollectorRows();
            List<CollectorState> taken;
            lock (store.Gate)
            {
                taken = Take_NeedsLock(rows, all);
            }

            try
            {
                if (!rows.IsEmpty)
                {
                    CollectorTable.Write(database, rows, isDurable: false);
                }

                _gone = [];
            }
            catch (DbException exception)
            {
                // A full disk must not stop the hub: memory goes on, and the next interval tries again.
                Log.CollectorsNotWritten(logger, exception.Message);
                _gone = rows.GoneCollectors;
                lock (store.Gate)
                {
                    taken.ForEach(collector => collector.Dirty = true);
                    rows.Texts.ForEach(text => store.Effective.Written(text.Hash, written: false));
                }
            }
        }
    }

    protected override void Round() => Flush();

    private void TryRefresh()
    {
        try
        {
            Refresh();
        }
        catch (DbException exception)
        {
            Log.CollectorsNotWritten(logger, exception.Message);
        }
    }

    /// <summary>Takes over what other nodes wrote.</summary>
    private void Refresh()
    {
        lock (_writing)
        {
            var rows = CollectorTable.Read(database);
            lock (store.Gate)
            {
                foreach (var (id, stored) in rows)
                {
                    if (store.Find_NeedsLock(id) is { } known)
                    {
                        stored.BringTo(known);
                    }
                    else if (!store.IsFull_NeedsLock)
                    {
                        store.Add_NeedsLock(stored.ToState(id));
                    }
                }

                // One that had a row, and has none, was deleted by an operator or long gone; if it speaks again, it is known again.
                var there = rows.Select(row => row.Id).ToHashSet();
                foreach (var gone in store.All_NeedsLock.Where(collector => collector.HasRow && !there.Contains(collector.Id)).Select(collector => collector.Id).ToList())
                {
                    store.Remove_NeedsLock(gone);
                }
            }
        }
    }

    private List<CollectorState> Take_NeedsLock(CollectorRows rows, bool all)
    {
        var now = Time.GetUtcNow();
        rows.GoneCollectors.AddRange(_gone);
        if (now - _swept >= SweepEvery)
        {
            _swept = now;
            rows.GoneCollectors.AddRange(Lifetimes.Sweep_NeedsLock(store, now));
            rows.GoneTexts.AddRange(store.Effective.Forget(store.All_NeedsLock.Select(collector => collector.Progress.EffectiveHash).ToHashSet()));
        }

        var taken = store.All_NeedsLock.Where(collector => collector.Dirty || (collector.LastSeen - collector.Written > (all ? TimeSpan.Zero : SeenEvery))).ToList();
        foreach (var collector in taken)
        {
            (collector.Dirty, collector.Written, collector.HasRow) = (false, collector.LastSeen, true);
            rows.Add(collector);
        }

        rows.Texts.AddRange(store.Effective.Unwritten);
        rows.Texts.ForEach(text => store.Effective.Written(text.Hash, written: true));
        // One that came back since has its row again.
        rows.GoneCollectors.RemoveAll(id => store.Find_NeedsLock(id) is not null);
        return taken;
    }
}
