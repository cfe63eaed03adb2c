namespace Gantry.Hub.Observations;

/// <summary>What leaves memory again: without this, an estate whose containers come and go would fill it.</summary>
internal sealed partial class ObservationStore
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Counts of a gateway that is gone for good are no longer part of a service's total.</summary>
    public static readonly TimeSpan GatewayKept = TimeSpan.FromDays(7);

    private const int MaxHosts = 50_000;
    private const int MaxServices = 100_000;
    public const int MaxSources = 1000;

    /// <param name="speaking">Hosts whose agent is connected: they stay, as what they last were.</param>
    /// <returns>What has rows to delete.</returns>
    public Forgotten Forget_NeedsLock(DateTimeOffset now, IReadOnlySet<string> speaking)
    {
        var services = _services.Values.Where(service => now - service.LastSeen > Kept).ToList();
        foreach (var service in services)
        {
            // Totals stay with their gateway: should the service come back, what it was counted before is not counted again.
            _services.Remove(service.Key);
            _servicesById.Remove(service.Id);
        }

        foreach (var service in _services.Values)
        {
            service.Forget(now);
        }

        var hosts = _hosts.Values.Where(host => now - host.LastSeen > Kept && !speaking.Contains(host.Id)).Select(host => host.Id).ToList();
        foreach (var host in hosts)
        {
            _hosts.Remove(host);
        }

        foreach (var host in _hosts.Values)
        {
            host.Reducer.Forget(now);
        }

        var edges = _edges.Where(edge => now - edge.Value > Kept).Select(edge => edge.Key).ToList();
        foreach (var edge in edges)
        {
            _edges.Remove(edge);
            _dirtyEdges.Remove(edge);
        }

        var gateways = _gateways.Values.Where(gateway => now - gateway.LastSeen > GatewayKept).Select(gateway => gateway.Id).ToList();
        foreach (var gateway in gateways)
        {
            _gateways.Remove(gateway);
        }

        var (peers, totals) = ForgetEdges(now);
        return new Forgotten([.. services.Select(service => service.Id)], hosts, edges, gateways) { PeerEdges = peers, EdgeTotals = totals, Findings = ForgetFindings(now) };
    }
}

/// <summary>Ids of what was forgotten.</summary>
internal sealed record Forgotten(
    IReadOnlyList<string> Services, IReadOnlyList<string> Hosts, IReadOnlyList<(string Caller, string Callee)> Edges, IReadOnlyList<string> Gateways)
{
    public IReadOnlyList<string> PeerEdges { get; init; } = [];

    public IReadOnlyList<(string Gateway, string Edge)> EdgeTotals { get; init; } = [];

    public IReadOnlyList<(string Service, FindingSubject Subject)> Findings { get; init; } = [];
}
