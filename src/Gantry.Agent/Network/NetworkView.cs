using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Network;

/// <summary>
/// Who talks to whom, without eBPF: TCP connections by process and service, with bytes, round-trip times, retransmits and failed connects, from the kernel's
/// socket diagnostics. A sample (1) finds the network namespaces, (2) counts what was closed, (3) lists the sockets of each, (4) names those that are new,
/// and (5) writes the rows. Between samples a thread counts what closes, so that a connection of a millisecond is counted like any other.
/// </summary>
/// <remarks>Samples come from the agent's one loop; the thread shares the state under one lock.</remarks>
internal sealed class NetworkView : IDisposable
{
    public const int DefaultRows = 300;

    private readonly Lock _gate = new();
    private readonly ProcFiles _proc;
    private readonly TimeProvider _time;
    private readonly Parties _parties = new();
    private readonly SpaceTable _spaces;
    private readonly SocketHolders _holders;
    private readonly ConnectionBook _book;
    private readonly byte[] _dumpBuffer = new byte[64 * 1024];
    private readonly byte[] _eventBuffer = new byte[16 * 1024];
    private readonly Dictionary<ulong, int> _listenerParties = [];
    private readonly HashSet<int> _used = [];
    private readonly RowLabels _labels;
    private readonly PointLabels _plain;
    private readonly CloseWatch _watch;
    private PollDescriptor[] _descriptors = [];
    private long _lost;
    private long _scan;

    /// <param name="proc">Used from the caller's thread only.</param>
    /// <param name="mostRows">Rows that are told by name, the most used ones; 10 to 5,000.</param>
    public NetworkView(ProcFiles proc, TimeProvider time, int mostRows = DefaultRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostRows, 5000);
        _proc = proc;
        _time = time;
        _spaces = new SpaceTable(proc);
        _holders = new SocketHolders(proc, _parties);
        Table = new TrafficTable(mostRows);
        _book = new ConnectionBook(Table, _spaces);
        _labels = new RowLabels(_parties, _spaces, time.GetUtcNow().ToUnixNano());
        _plain = new PointLabels([], time.GetUtcNow().ToUnixNano());
        _watch = new CloseWatch(() => Volatile.Read(ref _descriptors), TakeClosed);
    }

    /// <summary>In words, what it could not see and why; "" when it saw everything.</summary>
    public string Limit { get; private set; } = "";

    public TrafficTable Table { get; }

    /// <summary>Looks, and adds a point for each row and metric to the batch.</summary>
    /// <param name="processes">As the scanner found them just now.</param>
    public void Sample(IReadOnlyCollection<TrackedProcess> processes, MetricBatch batch)
    {
        lock (_gate)
        {
            Look(processes);
            Write(batch);
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        _spaces.Dispose();
    }

    private void Look(IReadOnlyCollection<TrackedProcess> processes)
    {
        _scan++;
        _parties.Keep(processes);
        FreeParties();
        _spaces.Refresh(processes, _parties, _book.End);
        Volatile.Write(ref _descriptors, Descriptors());
        ReadListenerParties(processes);
        foreach (var space in _spaces.All)
        {
            // What closed before the list is taken is not in it, and must not be missed.
            TakeClosed(space);
            space.Scan = _scan;
            space.Listeners.Clear();
            var isWhole = space.Sockets.TryList(_dumpBuffer, new ListReader(space, _book, _listenerParties));
            _book.EndMissing(space, isWhole);
            space.IsFirst = false;
        }

        _book.Assign(_holders, processes);
        Limit = Describe();
    }

    /// <summary>Numbers of parties that are gone, with their rows, are for those that come. Before anything of this sample holds one.</summary>
    private void FreeParties()
    {
        if (!_parties.IsCrowded)
        {
            return;
        }

        _used.Clear();
        _parties.AddLiving(_used);
        _book.AddParties(_used);
        Table.KeepParties(_used);
        Table.AddParties(_used);
        _book.KeepParties(_used);
        _parties.Free(_used);
    }

    private void Write(MetricBatch batch)
    {
        _book.MergeUnknown();
        Table.Settle();
        foreach (var row in Table.Rows)
        {
            if (row.IsReported)
            {
                _book.ResolvePeer(row);
                _labels.Update(row);
                NetworkMetrics.Write(batch, row);
            }
        }

        if (Table.OtherRows > 0 || Table.Other.Out.Sent + Table.Other.Out.Received + Table.Other.Out.Opened > 0)
        {
            Table.Other.Labels ??= _labels.Others;
            NetworkMetrics.Write(batch, Table.Other);
        }

        batch.Add(NetworkMetrics.OtherPeers, Table.OtherRows);
        batch.Add(NetworkMetrics.Lost, _lost, _plain);
        if (ConnectFailures.TryRead(_proc, out var failures))
        {
            batch.Add(NetworkMetrics.HostFailures, failures);
        }
    }

    private void ReadListenerParties(IReadOnlyCollection<TrackedProcess> processes)
    {
        _listenerParties.Clear();
        foreach (var process in processes)
        {
            foreach (var inode in process.Sockets)
            {
                _listenerParties.TryAdd(inode, _parties.Of(process));
            }
        }
    }

    private PollDescriptor[] Descriptors()
    {
        const short Readable = 1;
        return [.. _spaces.All.Where(static space => space.Sockets.Destroyed >= 0)
            .Select(static space => new PollDescriptor { Descriptor = space.Sockets.Destroyed, Events = Readable })];
    }

    /// <summary>On the thread of the watch.</summary>
    private void TakeClosed()
    {
        lock (_gate)
        {
            foreach (var space in _spaces.All)
            {
                TakeClosed(space);
            }
        }
    }

    private void TakeClosed(Space space)
    {
        if (!space.Sockets.TryTakeDestroyed(_eventBuffer, new ClosedReader(space, _book)))
        {
            _lost++;
        }
    }

    private string Describe()
    {
        var lost = _lost > 0 ? $"news of closed connections was lost {_lost} times: those are counted as far as they were seen" : "";
        return (_spaces.Limit.Length, lost.Length) switch
        {
            (0, _) => lost,
            (_, 0) => _spaces.Limit,
            _ => $"{_spaces.Limit}; {lost}",
        };
    }

    private readonly struct ListReader(Space space, ConnectionBook book, Dictionary<ulong, int> listeners) : ISocketReader
    {
        public void Take(in SocketFacts socket)
        {
            if (socket.State == TcpState.Listen)
            {
                space.Listeners[(socket.Ends.Local, socket.Ends.LocalPort)] = listeners.GetValueOrDefault(socket.Inode);
            }
            else
            {
                book.See(space, socket);
            }
        }
    }

    private readonly struct ClosedReader(Space space, ConnectionBook book) : ISocketReader
    {
        public void Take(in SocketFacts socket) => book.Close(space, socket);
    }
}
