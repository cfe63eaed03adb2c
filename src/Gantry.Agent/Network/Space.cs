using System.Runtime.InteropServices;

namespace Gantry.Agent.Network;

/// <summary>A connection between two samples. What is counted is the difference to what was counted before.</summary>
internal struct Connection
{
    public Ends Ends;
    public uint Inode;
    public TrafficRow? Row;
    public ulong Sent;
    public ulong Received;
    public uint Retransmits;
    public long Scan;
    public int Tries;
    public Role Role;
    public bool IsNew;
    public bool IsEstablished;
    public bool IsCounted;
    public bool IsClosed;
    public bool LooksLikeServer;
    public int Party;

    /// <summary>As last seen; counted once it has a row.</summary>
    public ulong LastSent;
    public ulong LastReceived;
    public uint LastRetransmits;
    public uint LastRtt;
}

/// <summary>One network namespace: its listeners, its addresses, and the connections in it.</summary>
internal sealed class Space(ulong inode, DiagnosticsSocket sockets, bool isFirst) : IDisposable
{
    /// <summary>Programs may bind to any address of a routed prefix: what comes above is taken for another host's.</summary>
    public const int MostAddresses = 4096;

    private readonly HashSet<Address> _addresses = [];

    public ulong Inode { get; } = inode;

    public DiagnosticsSocket Sockets { get; } = sockets;

    /// <summary>Of what was open already when the view began, only what comes after is counted.</summary>
    public bool IsFirst { get; set; } = isFirst;

    public Dictionary<ulong, Connection> Connections { get; } = [];

    /// <summary>The party behind each listening address and port.</summary>
    public Dictionary<(Address, ushort), int> Listeners { get; } = [];

    /// <summary>Addresses of this namespace that were seen on a socket, but for loopback: <see cref="IsOwn"/> knows those, and there are 16.7 million of them.</summary>
    public IReadOnlySet<Address> Addresses => _addresses;

    /// <summary>Connections without a row yet.</summary>
    public List<ulong> Pending { get; } = [];

    /// <summary>The only party in it; 0 when there are several, or may be.</summary>
    public int SoleParty { get; set; }

    public long Scan { get; set; }

    public bool IsSeen { get; set; }

    public void Dispose() => Sockets.Dispose();

    public bool TryListener(Address address, ushort port, out int party) =>
        Listeners.TryGetValue((address, port), out party) || Listeners.TryGetValue((default, port), out party)
        || Listeners.TryGetValue((new Address(0, 0x0000_FFFF_0000_0000), port), out party);

    public bool IsOwn(Address address) => address.IsLoopback || Addresses.Contains(address);

    /// <summary>A socket has this address on its end.</summary>
    public void Saw(Address local)
    {
        if (!local.IsLoopback && _addresses.Count < MostAddresses)
        {
            _addresses.Add(local);
        }
    }

    public ref Connection Find(ulong cookie) => ref CollectionsMarshal.GetValueRefOrNullRef(Connections, cookie);

    public ref Connection Add(ulong cookie, out bool isKnown) => ref CollectionsMarshal.GetValueRefOrAddDefault(Connections, cookie, out isKnown);
}
