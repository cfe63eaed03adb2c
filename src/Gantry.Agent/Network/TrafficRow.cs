using Gantry.Agent.Host;

namespace Gantry.Agent.Network;

internal enum Role : byte
{
    Client,
    Server,
}

/// <summary>What is added up in one row.</summary>
/// <param name="Space">Network namespace.</param>
/// <param name="Local">Number of the party on this end.</param>
/// <param name="Port">The server's: the remote one of a client, the local one of a server. The other is another for each connection.</param>
/// <param name="Peer">Number of the party on the other end, where a server's row needs it to be told from others; 0 for a client, whose peer the port tells.</param>
internal readonly record struct RowKey(ulong Space, int Local, Role Role, Address Remote, ushort Port, int Peer);

/// <summary>The counters of a row. They only grow, but for <see cref="Active"/>.</summary>
internal struct Counters
{
    public long Sent;
    public long Received;
    public long Opened;
    public long Closed;
    public long Failed;
    public long Retransmits;
    public long Active;

    public readonly bool IsZero => (Sent | Received | Opened | Closed | Failed | Retransmits | Active) == 0;

    public void Add(in Counters more)
    {
        Sent += more.Sent;
        Received += more.Received;
        Opened += more.Opened;
        Closed += more.Closed;
        Failed += more.Failed;
        Retransmits += more.Retransmits;
        Active += more.Active;
    }
}

/// <summary>One who-to-whom: all connections of a party to, or from, one peer.</summary>
internal sealed class TrafficRow(RowKey key)
{
    public RowKey Key { get; } = key;

    public Counters Counters;

    /// <summary>Sum and number of the round-trip times seen since the last sample.</summary>
    public double RttSeconds;
    public int RttCount;

    /// <summary>Round-trip time of the last sample that saw one, in seconds; 0 before.</summary>
    public double Rtt;

    /// <summary>What of <see cref="Counters"/> has been handed on already.</summary>
    public Counters Told;

    /// <summary>What was told in the row's own name: the rest went to the row of the others.</summary>
    public Counters Out;

    /// <summary>How much it was used lately; halves with each sample.</summary>
    public double Use;

    public bool IsReported;

    public PointLabels? Labels;

    /// <summary>The other end, when it is on this host.</summary>
    public int Peer;

    /// <summary>This end's address, as the last connection had it.</summary>
    public Address LocalAddress;

    /// <summary>Where it went on, when it was merged or dropped.</summary>
    public TrafficRow? MergedInto;

    public TrafficRow Live => MergedInto?.Live ?? this;

    /// <summary>The peer that <see cref="Labels"/> name.</summary>
    public int LabelledPeer;
}
