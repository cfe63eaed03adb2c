using System.Text;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Who a CLIENT or PRODUCER span called, from that span alone: so an edge needs no state by trace, and no span of the other side. What is most
/// telling goes first: a name of the service, a database, a queue, an RPC interface, an address.
/// </summary>
internal readonly record struct PeerKey(uint Service, PeerType Type, string Name, string System, string Address)
{
    /// <param name="canonical">With the attributes of the peer.</param>
    /// <returns>Null for a span that does not say.</returns>
    public static PeerKey? Of(RedKey key, List<(SpanAttribute Attribute, string Value)> canonical)
    {
        string Value(SpanAttribute attribute) => canonical.Find(pair => pair.Attribute == attribute).Value ?? "";

        var port = Value(SpanAttribute.ServerPort);
        var address = Value(SpanAttribute.ServerAddress) is { Length: > 0 } host ? port.Length > 0 ? $"{host}:{port}" : host : "";
        if (Value(SpanAttribute.DbSystemName) is { Length: > 0 } database)
        {
            return new PeerKey(key.Service, PeerType.Database, Value(SpanAttribute.DbNamespace), database, address);
        }

        if (Value(SpanAttribute.MessagingSystem) is { Length: > 0 } messaging)
        {
            var queue = Value(SpanAttribute.MessagingDestinationName);
            return new PeerKey(key.Service, PeerType.Messaging, queue.Length > 0 ? queue : Value(SpanAttribute.RabbitRoutingKey), messaging, address);
        }

        if (Value(SpanAttribute.ServicePeerName) is { Length: > 0 } name)
        {
            return new PeerKey(key.Service, PeerType.Service, name, Value(SpanAttribute.RpcSystem), address);
        }

        if (Value(SpanAttribute.RpcService) is { Length: > 0 } rpc)
        {
            return new PeerKey(key.Service, PeerType.Rpc, rpc, Value(SpanAttribute.RpcSystem), address);
        }

        return address.Length > 0 ? new PeerKey(key.Service, PeerType.Address, "", "", address) : null;
    }

    public static PeerKey Overflow(uint service) => new(service, PeerType.Address, "(other peers)", "", "");

    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Service}\0{(int)Type}\0{Name}\0{System}\0{Address}");

    public static PeerKey From(ReadOnlySpan<byte> bytes)
    {
        // Five parts; an attribute with a NUL in it only makes a name that looks odd.
        var parts = Encoding.UTF8.GetString(bytes).Split('\0', 5);
        return new PeerKey(
            uint.Parse(parts[0], global::System.Globalization.CultureInfo.InvariantCulture),
            (PeerType)int.Parse(parts[1], global::System.Globalization.CultureInfo.InvariantCulture),
            parts[2], parts[3], parts[4]);
    }
}
