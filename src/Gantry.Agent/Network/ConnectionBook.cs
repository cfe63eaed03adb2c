using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gantry.Agent.Processes;

namespace Gantry.Agent.Network;

/// <summary>
/// Keeps every open connection, and adds what it moved to its row. A connection waits for its row until it is known who holds it; its bytes wait with it,
/// so no row ever gets what is another's. Nothing is allocated for a socket that was seen before.
/// </summary>
internal sealed class ConnectionBook(TrafficTable table, SpaceTable spaces)
{
    /// <summary>Samples in which the holder of a socket is looked for.</summary>
    private const int MostTries = 4;

    /// <summary>Samples for which a connection is remembered that left the lists without the kernel's word that it is gone: a program keeps a dead socket open.</summary>
    private const int LongestAbsence = 360;

    private readonly ClientHistory _history = new();
    private readonly Dictionary<uint, int> _holders = [];
    private readonly List<ulong> _gone = [];
    private readonly List<TrafficRow> _unknown = [];

    /// <summary>Open connections of clients to this very host, by their ends: the other end finds its peer here.</summary>
    private readonly Dictionary<Ends, int> _localClients = [];

    /// <summary>A socket as the list of its namespace has it.</summary>
    public void See(Space space, in SocketFacts socket)
    {
        if (!socket.HasInfo || socket.Ends.RemotePort == 0)
        {
            return;
        }

        ref var connection = ref space.Add(socket.Cookie, out var isKnown);
        if (!isKnown)
        {
            connection.Ends = socket.Ends;
            connection.IsNew = !space.IsFirst;
            space.Saw(socket.Ends.Local);
            space.Pending.Add(socket.Cookie);
            if (space.IsFirst)
            {
                // Only what comes from now on is counted.
                connection.Sent = socket.Sent;
                connection.Received = socket.ReceivedPayload;
                connection.Retransmits = socket.Retransmits;
            }
        }

        // Closed by its program it has no inode any more: the last one known still tells whose it was.
        connection.Inode = socket.Inode > 0 ? socket.Inode : connection.Inode;
        connection.Scan = space.Scan;
        connection.IsEstablished |= socket.State != TcpState.SynSent;
        Measure(ref connection, socket);
        if (connection.Row is not null)
        {
            Count(ref connection);
        }
    }

    /// <summary>The kernel's last word on a socket.</summary>
    public void Close(Space space, in SocketFacts socket)
    {
        // A listener, or a socket that never went anywhere. (A blocking connect that fails forgets where it wanted to go: the host's own counter has it.)
        if (!socket.HasInfo || socket.Ends.RemotePort == 0)
        {
            return;
        }

        ref var known = ref space.Find(socket.Cookie);
        if (!Unsafe.IsNullRef(ref known))
        {
            Measure(ref known, socket);
            known.IsEstablished |= socket.WasEstablished;
            End(space, ref known);
            space.Connections.Remove(socket.Cookie);
            return;
        }

        var connection = new Connection { Ends = socket.Ends, IsNew = true, IsEstablished = socket.WasEstablished };
        space.Saw(socket.Ends.Local);
        Measure(ref connection, socket);
        End(space, ref connection);
    }

    /// <summary>Connections that the list does not have any more.</summary>
    /// <param name="isWhole">False when the list broke off: then nothing is concluded from it.</param>
    public void EndMissing(Space space, bool isWhole)
    {
        if (!isWhole)
        {
            return;
        }

        // With the kernel's word to come, a second look: the word may be on its way.
        var hasWord = space.Sockets.Destroyed >= 0;
        _gone.Clear();
        foreach (var (cookie, connection) in space.Connections)
        {
            var absence = space.Scan - connection.Scan;
            if (absence > (hasWord ? LongestAbsence : 0) || (absence > 1 && !connection.IsClosed))
            {
                _gone.Add(cookie);
            }
        }

        foreach (var cookie in _gone)
        {
            ref var connection = ref space.Find(cookie);
            End(space, ref connection);
            if (!hasWord || space.Scan - connection.Scan > LongestAbsence)
            {
                space.Connections.Remove(cookie);
            }
        }
    }

    /// <summary>The namespace is gone, with all that was in it.</summary>
    public void End(Space space)
    {
        foreach (var cookie in space.Connections.Keys)
        {
            End(space, ref space.Find(cookie));
        }

        space.Connections.Clear();
    }

    /// <summary>Finds who holds the new connections: of a server whoever listens, of a client by its open files.</summary>
    public void Assign(SocketHolders holders, IReadOnlyCollection<TrackedProcess> processes)
    {
        _holders.Clear();
        foreach (var space in spaces.All)
        {
            foreach (var cookie in space.Pending)
            {
                ref var connection = ref space.Find(cookie);
                if (!Unsafe.IsNullRef(ref connection) && connection.Row is null)
                {
                    connection.Role = RoleOf(space, connection, out connection.Party);
                    if (connection.Party == 0 && connection.Inode > 0)
                    {
                        _holders.TryAdd(connection.Inode, 0);
                    }
                }
            }
        }

        if (_holders.Count > 0)
        {
            holders.Find(processes, _holders, _holders.Count);
        }

        // Clients first: a server's row names its peer, which may be one of them.
        AssignAll(Role.Client);
        AssignAll(Role.Server);
    }

    /// <summary>Rows of connections that nobody could be found for when they closed, where it is known by now who alone connects there, or who listens.</summary>
    public void MergeUnknown()
    {
        _unknown.Clear();
        foreach (var row in table.Rows)
        {
            if (row.Counters.Active == 0 && (row.Key.Local == 0 || row.Key is { Role: Role.Server, Peer: 0 }) && Better(row) != row.Key)
            {
                _unknown.Add(row);
            }
        }

        foreach (var row in _unknown)
        {
            table.Merge(row, Better(row));
        }
    }

    /// <summary>Finds the other end of a client's row, when it is on this host.</summary>
    public void ResolvePeer(TrafficRow row)
    {
        if (row.Key.Role == Role.Client && row.Peer == 0)
        {
            row.Peer = ListenerOf(row.Key.Space, row.Key.Remote, row.Key.Port);
        }
    }

    /// <summary>Adds the numbers of all parties that have an open connection, or listened when last looked.</summary>
    public void AddParties(HashSet<int> numbers)
    {
        foreach (var space in spaces.All)
        {
            foreach (var connection in space.Connections.Values)
            {
                numbers.Add(connection.Party);
            }

            foreach (var party in space.Listeners.Values)
            {
                numbers.Add(party);
            }
        }
    }

    /// <summary>Forgets everybody else: their numbers will be others'.</summary>
    public void KeepParties(HashSet<int> numbers) => _history.Keep(numbers);

    private RowKey Better(TrafficRow row)
    {
        var key = row.Key;
        if (key.Role == Role.Client)
        {
            return key with { Local = _history.Sole(key.Space, key.Remote, key.Port) };
        }

        foreach (var space in spaces.All)
        {
            if (space.Inode == key.Space)
            {
                var local = key.Local == 0 && space.TryListener(row.LocalAddress, key.Port, out var party) ? party : key.Local;
                var peer = key.Peer == 0 ? ClientOf(space, new Ends(row.LocalAddress, key.Port, key.Remote, 0)) : key.Peer;
                return key with { Local = local, Peer = peer };
            }
        }

        return key;
    }

    private void AssignAll(Role role)
    {
        foreach (var space in spaces.All)
        {
            // Those that wait on move up in the list while it is walked.
            var left = 0;
            for (var i = 0; i < space.Pending.Count; i++)
            {
                var cookie = space.Pending[i];
                ref var connection = ref space.Find(cookie);
                if (!Unsafe.IsNullRef(ref connection) && connection.Row is null && !TryAssign(space, ref connection, role))
                {
                    space.Pending[left++] = cookie;
                }
            }

            CollectionsMarshal.SetCount(space.Pending, left);
        }
    }

    private bool TryAssign(Space space, ref Connection connection, Role role)
    {
        if (connection.Role != role)
        {
            return false;
        }

        if (connection.Party == 0)
        {
            connection.Party = _holders.GetValueOrDefault(connection.Inode);
        }

        if (connection.Party == 0 && connection.Inode > 0 && ++connection.Tries < MostTries)
        {
            return false;
        }

        Place(space, ref connection);
        Count(ref connection);
        return true;
    }

    private void End(Space space, ref Connection connection)
    {
        if (connection.Row is null)
        {
            connection.Role = RoleOf(space, connection, out var party);
            connection.Party = connection.Party != 0 ? connection.Party : party;
            Place(space, ref connection);
        }

        Count(ref connection);
        if (connection.IsClosed)
        {
            return;
        }

        connection.IsClosed = true;
        _localClients.Remove(connection.Ends);
        ref var counters = ref connection.Row!.Counters;
        if (connection.IsCounted)
        {
            counters.Closed++;
            counters.Active--;
        }
        else if (connection.Role == Role.Client)
        {
            counters.Failed++;
        }
    }

    private void Place(Space space, ref Connection connection)
    {
        var ends = connection.Ends;
        var isClient = connection.Role == Role.Client;
        if (connection.Party == 0)
        {
            connection.Party = isClient ? _history.Sole(space.Inode, ends.Remote, ends.RemotePort) : 0;
            connection.Party = connection.Party == 0 && space.SoleParty > 0 ? space.SoleParty : connection.Party;
        }

        if (isClient)
        {
            _history.Add(space.Inode, ends, connection.Party);
            if (connection.Party != 0 && IsLocal(space, ends.Remote))
            {
                _localClients[ends] = connection.Party;
            }
        }

        connection.Row = isClient
            ? table.Get(new RowKey(space.Inode, connection.Party, Role.Client, ends.Remote, ends.RemotePort, 0))
            : table.Get(new RowKey(space.Inode, connection.Party, Role.Server, ends.Remote, ends.LocalPort, ClientOf(space, ends)));
        connection.Row.LocalAddress = ends.Local;
    }

    /// <summary>Adds what is new since the last time.</summary>
    private static void Count(ref Connection connection)
    {
        // A row may have got another name since the last time.
        var row = connection.Row = connection.Row!.Live;
        ref var counters = ref row.Counters;
        if (connection.IsEstablished && !connection.IsCounted)
        {
            connection.IsCounted = true;
            counters.Opened += connection.IsNew ? 1 : 0;
            counters.Active++;
        }

        // A count never goes back, even where the end of a stream was taken for a byte.
        counters.Sent += Grow(ref connection.Sent, connection.LastSent);
        counters.Received += Grow(ref connection.Received, connection.LastReceived);
        counters.Retransmits += (int)(connection.LastRetransmits - connection.Retransmits);
        connection.Retransmits = connection.LastRetransmits;
        if (connection.LastRtt > 0)
        {
            row.RttSeconds += connection.LastRtt / 1e6;
            row.RttCount++;
            connection.LastRtt = 0;
        }
    }

    private static long Grow(ref ulong counted, ulong now)
    {
        var more = now > counted ? now - counted : 0;
        counted += more;
        return (long)more;
    }

    private static void Measure(ref Connection connection, in SocketFacts socket)
    {
        connection.LastSent = socket.Sent;
        connection.LastReceived = socket.ReceivedPayload;
        connection.LastRetransmits = socket.Retransmits;
        connection.LastRtt = socket.RttMicroseconds;
        connection.LooksLikeServer = socket.LooksLikeServer;
    }

    /// <param name="party">Who listens; 0 for a client.</param>
    private static Role RoleOf(Space space, in Connection connection, out int party)
    {
        // A client never has the port of a listener, but for a program that connects from the port it serves.
        var isServer = space.TryListener(connection.Ends.Local, connection.Ends.LocalPort, out party);
        return isServer || (connection is { LooksLikeServer: true, IsEstablished: true }) ? Role.Server : Role.Client;
    }

    private bool IsLocal(Space space, Address address)
    {
        if (space.IsOwn(address))
        {
            return true;
        }

        foreach (var other in spaces.All)
        {
            if (other.Addresses.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The party that connects to us, when it is on this host.</summary>
    private int ClientOf(Space space, in Ends ends)
    {
        if (_localClients.TryGetValue(ends.Reversed, out var party))
        {
            return party;
        }

        if (space.IsOwn(ends.Remote))
        {
            return _history.Sole(space.Inode, ends.Local, ends.LocalPort);
        }

        foreach (var other in spaces.All)
        {
            if (other.Addresses.Contains(ends.Remote) && _history.Sole(other.Inode, ends.Local, ends.LocalPort) is not 0 and var sole)
            {
                return sole;
            }
        }

        return 0;
    }

    private int ListenerOf(ulong inode, Address address, ushort port)
    {
        foreach (var space in spaces.All)
        {
            var isReached = space.Inode == inode ? space.IsOwn(address) : !address.IsLoopback && space.Addresses.Contains(address);
            if (isReached && space.TryListener(address, port, out var party))
            {
                return party;
            }
        }

        return 0;
    }
}
