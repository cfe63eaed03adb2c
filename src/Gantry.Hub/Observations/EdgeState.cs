using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>What a service called, in the words of its own spans: nothing here is joined with anything yet.</summary>
internal readonly record struct PeerKey(PeerType Type, string Name, string System, string Address)
{
    // A name that nobody could read on a page; the rest of it is cut.
    private const int MaxText = 256;

    /// <summary>Counts what came after a service had as many peers as are kept apart.</summary>
    public static readonly PeerKey Overflow = new(PeerType.Address, "(other peers)", "", "");

    /// <summary>Null for a peer that says nothing of itself, or is of a type that this hub does not know.</summary>
    public static PeerKey? Of(EdgeSeries series) => Of(series.Type, series.Name, series.System, series.Address);

    /// <inheritdoc cref="Of(EdgeSeries)"/>
    public static PeerKey? Of(SpanGroup group) => Of(group.PeerType, group.PeerName, group.PeerSystem, group.PeerAddress);

    private static PeerKey? Of(PeerType type, string name, string system, string address) =>
        Enum.IsDefined(type) && name.Length + system.Length + address.Length > 0 ? new PeerKey(type, Cut(name), Cut(system), Cut(address)) : null;

    private static string Cut(string text) => text.Length > MaxText ? text[..MaxText] : text;
}

/// <summary>Calls of one service to one peer over the last hour. Guarded by the lock of <see cref="ObservationStore"/>.</summary>
internal sealed class EdgeState(ServiceKey caller, PeerKey peer)
{
    public PeerKey Peer { get; } = peer;

    public string Id { get; } = IdOf(caller, peer);

    public RedWindow Window { get; } = new(ServiceState.OperationInterval);

    public DateTimeOffset LastSeen { get; set; }

    public bool Dirty { get; set; } = true;

    public static string IdOf(ServiceKey caller, PeerKey peer) => RowId.Of(
        $"{caller.Name}-{(peer.Name.Length > 0 ? peer.Name : peer.Address)}",
        caller.Name, caller.Namespace, caller.Environment, $"{(int)peer.Type}", peer.Name, peer.System, peer.Address);
}
