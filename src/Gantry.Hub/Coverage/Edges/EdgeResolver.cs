using System.Globalization;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Coverage.Edges;

/// <summary>What a peer turned out to be.</summary>
/// <param name="Row">Null when no service, or more than one, may be it.</param>
/// <param name="Rule">Which rule joined it, in words.</param>
/// <param name="Open">Why nothing did.</param>
internal sealed record Resolution(ServiceRow? Row, string Rule, string Open, IReadOnlyList<ServiceRow> Candidates);

/// <summary>
/// Says which service a peer is. The rules are asked in order, surest first; the first that leaves exactly one service joins. One that leaves several
/// does not: a later rule, or a trace, may only choose among those. docs/edges.md has the list.
/// </summary>
internal sealed class EdgeResolver
{
    private readonly EdgeEvidence _evidence;
    private readonly ServiceNames _names;
    private readonly Whereabouts _where;
    private readonly Dictionary<string, ServiceRow> _byId;

    public EdgeResolver(EdgeEvidence evidence, IReadOnlyList<ServiceRow> services)
    {
        _evidence = evidence;
        _byId = new Dictionary<string, ServiceRow>(services.Count);
        foreach (var service in services)
        {
            _byId.TryAdd(service.Id, service);
        }

        _names = new ServiceNames(services);
        _where = new Whereabouts(evidence.Places, services, _byId);
    }

    public ServiceRow? Find(string id) => _byId.GetValueOrDefault(id);

    public Resolution Resolve(ServiceRow caller, PeerKey peer)
    {
        var address = PeerAddress.Parse(peer.Address);
        var (rules, nothing) = peer.Type switch
        {
            PeerType.Service => (ByName(caller, peer.Name, "service.peer.name").Concat(ByAddress(caller, address)), $"no service is called \"{peer.Name}\""),
            PeerType.Rpc => (ByRpc(caller, peer.Name).Concat(ByAddress(caller, address)), $"no service answers calls of {peer.Name}"),
            _ => (ByAddress(caller, address), WhyNobody(caller, address)),
        };
        return Choose(caller, rules, nothing);
    }

    /// <summary>What tells two hosts' 127.0.0.1 apart.</summary>
    public string ScopeOf(ServiceRow caller, string address) =>
        PeerAddress.Parse(address).IsLoopback ? _where.Of(caller).Select(where => where.HostId + where.ContainerId).FirstOrDefault(caller.Id) : "";

    private Resolution Choose(ServiceRow caller, IEnumerable<Found> rules, string nothing)
    {
        IReadOnlyList<ServiceRow> candidates = [];
        var first = "";
        foreach (var (rows, words) in rules.Where(item => item.Rows.Count > 0))
        {
            var rule = words.ToString(CultureInfo.InvariantCulture);
            var left = candidates.Count == 0 ? rows : [.. rows.Where(row => candidates.Any(candidate => ReferenceEquals(candidate, row)))];
            if (left.Count == 1)
            {
                return new Resolution(left[0], first.Length == 0 ? rule : $"{first}; among {candidates.Count} of them {rule}", "", []);
            }

            (candidates, first) = (left.Count == 0 ? candidates : left, first.Length == 0 ? rule : first);
        }

        if (candidates.Count == 0)
        {
            return new Resolution(null, "", nothing, []);
        }

        var traced = candidates.Where(candidate => _evidence.Traces.ContainsKey((caller.Id, candidate.Id))).ToList();
        return traced.Count == 1
            ? new Resolution(traced[0], $"{first}; among {candidates.Count} of them the only one that a trace joins with the caller", "", [])
            : new Resolution(null, "", $"{first}: {candidates.Count} services", candidates);
    }

    private IEnumerable<Found> ByName(ServiceRow caller, string name, string rule)
    {
        var (rows, how) = _names.Nearest(caller, name);
        yield return new Found(rows, $"{rule}{how}");
    }

    private IEnumerable<Found> ByRpc(ServiceRow caller, string rpc)
    {
        var (rows, how) = ServiceNames.Nearest(caller, _evidence.RpcServices[rpc].Select(Find).OfType<ServiceRow>());
        yield return new Found(rows, $"rpc.service: it has SERVER spans of {rpc}{how}");
    }

    private IEnumerable<Found> ByAddress(ServiceRow caller, PeerAddress address)
    {
        if (address.Host.Length == 0)
        {
            yield break;
        }

        if (address.IsLoopback)
        {
            yield return new Found(Distinct(_where.Of(caller).SelectMany(where => _where.OnLoopback(where, address.Port))), $"process inventory: it listens on port {address.Port} where the caller runs");
            yield break;
        }

        var labels = address.Labels;
        yield return new Found(Distinct(_where.BoundTo(address)), $"process inventory: it listens on {address.Host}:{address.Port}");
        yield return new Found(Distinct(_where.OnHost(address.Host, address.Port)), $"process inventory: it listens on port {address.Port} of host {address.Host}");
        yield return new Found(Near(caller, _where.InPod(labels[0])), $"k8s.pod.name {labels[0]}");
        yield return new Found(Near(caller, _where.InContainer(labels[0])), $"container {labels[0]}");
        yield return new Found(Near(caller, _where.WithOwnHostName(address.Host)), $"host.name {address.Host} of its container");
        foreach (var item in ByDns(caller, labels))
        {
            yield return item;
        }

        if (labels.Length > 1)
        {
            yield return new Found(Distinct(_where.OnHost(labels[0], address.Port)), $"process inventory: it listens on port {address.Port} of host {labels[0]}, the first label of {address.Host}");
        }

        yield return new Found(Distinct(_where.SayingHost(address.Host)), $"host.name {address.Host}: no other service is known there, and no agent");
    }

    /// <summary>"cart.shop.svc.cluster.local", "cart.shop.svc", "cart.shop" and "cart": service and namespace, as the cluster's DNS has them.</summary>
    private IEnumerable<Found> ByDns(ServiceRow caller, string[] labels)
    {
        var named = _names.Called(labels[0]).ToList();
        if (labels.Length == 1)
        {
            yield return new Found(Near(caller, named), $"its name is the host name {labels[0]}");
            yield break;
        }

        var inside = labels is [_, _, "svc", ..];
        if (!inside && labels.Length > 2)
        {
            // "cart.example.com" may be anybody's.
            yield break;
        }

        var there = named.Where(row => _where.IsInNamespace(row, labels[1])).ToList();
        yield return new Found(Near(caller, there), $"Kubernetes service DNS: {labels[0]} in namespace {labels[1]}");
        if (inside && there.Count == 0)
        {
            yield return new Found(Near(caller, named.Where(_where.HasNoNamespace)), $"Kubernetes service DNS: {labels[0]}; that it is in namespace {labels[1]} is not known");
        }
    }

    private string WhyNobody(ServiceRow caller, PeerAddress address) =>
        address.Host.Length == 0 ? "the span has no address"
        : !address.IsLoopback ? "no service is known at this address"
        : _where.Of(caller).Count == 0 ? "a loopback address, and the caller's host is not known"
        : "no process is known that listens there, where the caller runs";

    /// <param name="Rule">Put into words only when it found somebody: most rules find nobody.</param>
    private readonly record struct Found(IReadOnlyList<ServiceRow> Rows, FormattableString Rule);

    private static IReadOnlyList<ServiceRow> Near(ServiceRow caller, IEnumerable<ServiceRow> rows) => ServiceNames.Nearest(caller, rows).Rows;

    private static IReadOnlyList<ServiceRow> Distinct(IEnumerable<ServiceRow> rows) => ServiceNames.Distinct(rows);
}
