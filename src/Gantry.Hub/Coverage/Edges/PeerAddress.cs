using System.Globalization;
using System.Net;

namespace Gantry.Hub.Coverage.Edges;

/// <summary>A server.address with its port, as spans and sockets have it: "cart:8080", "10.0.0.7:8080", "[::1]:8080", "db.shop.svc".</summary>
/// <param name="Host">In lower case, without brackets.</param>
/// <param name="Port">0 when there is none.</param>
internal readonly record struct PeerAddress(string Host, uint Port)
{
    public bool IsLoopback => Host == "localhost" || (IsIp && IPAddress.IsLoopback(IPAddress.Parse(Host)));

    /// <summary>A socket that is bound to every address of its host.</summary>
    public bool IsAny => Host is "0.0.0.0" or "::" or "*";

    // A name ends in no digit, or has letters that no address has: asked for each edge, so the parser is asked last.
    public bool IsIp => Host.Length > 0 && (char.IsAsciiDigit(Host[^1]) || Host.Contains(':', StringComparison.Ordinal)) && IPAddress.TryParse(Host, out _);

    /// <summary>"cart", "shop", "svc" of "cart.shop.svc"; only the whole of an IP address.</summary>
    public string[] Labels => IsIp ? [Host] : Host.TrimEnd('.').Split('.');

    public static PeerAddress Parse(string address)
    {
        var text = address.ToLowerInvariant();
        var colon = text.LastIndexOf(':');
        // An IPv6 address without brackets has colons and no port.
        var hasPort = colon >= 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || (colon > 0 && text[colon - 1] == ']'));
        return hasPort && uint.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new PeerAddress(text[..colon].Trim('[', ']'), port)
            : new PeerAddress(text.Trim('[', ']'), 0);
    }
}
