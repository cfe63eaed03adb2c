using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>What goes out as metrics of one series. Touched under the lock of <see cref="ObservedTotals"/> only.</summary>
/// <param name="startUnixNano">It counts what was seen after this.</param>
internal abstract class MetricSeries(uint service, ulong startUnixNano)
{
    public uint Service { get; } = service;

    public ulong StartUnixNano { get; } = startUnixNano;

    public ulong LastUnixNano { get; private set; } = startUnixNano;

    /// <summary>It was idle for too long: what it has left is sent, and no more is added.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Since <see cref="StartUnixNano"/>.</summary>
    public Tally Total { get; } = new();

    /// <summary>Since <see cref="PendingUnixNano"/>: what no destination has accepted yet. Kept for delta temporality only; null when there is nothing.</summary>
    public Tally? Pending { get; private set; }

    public ulong PendingUnixNano { get; private set; } = startUnixNano;

    /// <summary>The newest kept span that was counted here; none while its time is 0.</summary>
    public Exemplar Exemplar { get; private set; }

    public void Add(scoped in Drained drained, bool keepPending)
    {
        Total.Add(drained);
        LastUnixNano = Math.Max(LastUnixNano, drained.Counts.LastUnixNano);
        if (drained.Exemplar.UnixNano >= Exemplar.UnixNano)
        {
            Exemplar = drained.Exemplar;
        }

        if (keepPending)
        {
            (Pending ??= new Tally()).Add(drained);
        }
    }

    /// <summary>Takes what is pending, to send it; from <paramref name="nowUnixNano"/> on, the next delta counts.</summary>
    public Delta? TakePending(ulong nowUnixNano)
    {
        if (Pending is not { } tally)
        {
            return null;
        }

        var delta = new Delta(tally, PendingUnixNano);
        (Pending, PendingUnixNano) = (null, nowUnixNano);
        return delta;
    }

    /// <summary>It was not accepted: it goes with the next one, whose time then begins earlier.</summary>
    public void GiveBack(Delta delta)
    {
        if (Pending is { } since)
        {
            delta.Tally.Add(since);
        }

        (Pending, PendingUnixNano) = (delta.Tally, delta.StartUnixNano);
    }

    /// <summary>Takes over what another series of the same service did not get rid of.</summary>
    public void Absorb(MetricSeries other)
    {
        if (other.Pending is { } tally)
        {
            (Pending ??= new Tally()).Add(tally);
            PendingUnixNano = Math.Min(PendingUnixNano, other.PendingUnixNano);
        }
    }
}

/// <summary>Counts of the time from <paramref name="StartUnixNano"/> to when they were taken.</summary>
internal sealed record Delta(Tally Tally, ulong StartUnixNano);

/// <param name="key">Canonical, see <see cref="SpanLabels"/>.</param>
internal sealed class SpanSeries(RedKey red, byte[] key, ulong startUnixNano) : MetricSeries(red.Service, startUnixNano)
{
    public RedKey Red { get; } = red;

    public ReadOnlySpan<byte> Key => key;

    public byte[] KeyBytes => key;

    /// <summary>The same for the hub, without what only metrics tell apart. It never expires before this one.</summary>
    public Reported<RedSeries>? Operation { get; set; }
}

internal sealed class EdgeMetric(EdgeLabels labels, ulong startUnixNano) : MetricSeries(labels.Service, startUnixNano)
{
    public EdgeLabels Labels { get; } = labels;
}

/// <summary>
/// What a service graph tells apart: caller, callee, and what kind of thing that is. Less than a <see cref="PeerKey"/>: the addresses of one database
/// are one node.
/// </summary>
/// <param name="Connection">"" for a service that the caller named, else "database", "messaging_system" or "virtual_node".</param>
/// <param name="System">db.system.name, messaging.system or rpc.system.name; else "".</param>
internal readonly record struct EdgeLabels(uint Service, string Server, string Connection, string System)
{
    public static EdgeLabels Of(PeerKey peer) => new(peer.Service, First(peer.Name, First(peer.Address, peer.System)), ConnectionOf(peer.Type), peer.System);

    private static string ConnectionOf(PeerType type) => type switch
    {
        PeerType.Service => "",
        PeerType.Database => "database",
        PeerType.Messaging => "messaging_system",
        // An address or an interface: the callee may be instrumented, under a name that the caller does not know. The hub joins those.
        _ => "virtual_node",
    };

    private static string First(string a, string b) => a.Length > 0 ? a : b;
}
