using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>How findings of several gateways become one list a service.</summary>
internal sealed partial class ObservationStore
{
    // There are eight codes, and a handful of attributes that can be missing: a service with more of them is made up.
    public const int MaxFindingsPerService = 50;

    public const int MaxFindings = 100_000;

    private int _findingCount;
    private int _findingTotals;

    private void TakeFindings(GatewayState gateway, List<ServiceFinding> findings, Dictionary<uint, ServiceState> services, BatchTimes times)
    {
        foreach (var finding in findings.Where(finding => finding.Code.Length > 0))
        {
            if (services.TryGetValue(finding.Service, out var service))
            {
                TakeFinding(gateway, service, finding, times);
            }
        }
    }

    private void TakeFinding(GatewayState gateway, ServiceState service, ServiceFinding finding, BatchTimes times)
    {
        var at = finding.LastUnixNano == 0 ? times.Now : times.Of(finding.LastUnixNano);
        var subject = FindingSubject.Of(finding);
        var key = new FindingKey(service.Key, subject);
        var known = gateway.FindingTotals.TryGetValue(key, out var total);
        total ??= new FindingTotal();
        if (times.Now - at > Kept || finding.Count <= total.Count || (!known && _findingTotals >= MaxTotals) || FindingOf(service, subject, at) is not { } state)
        {
            return;
        }

        if (!known)
        {
            _findingTotals++;
            gateway.FindingTotals.Add(key, total);
        }

        state.Count += finding.Count - total.Count;
        (total.Count, total.Dirty) = (finding.Count, true);
        (state.LastSeen, state.Dirty) = (Max(state.LastSeen, at), true);
        state.Example = finding.Example.Length > 0 ? FindingSubject.ExampleOf(finding) : state.Example;
        // Also what was refused was sent.
        service.LastSeen = Max(service.LastSeen, at);
        service.Dirty = true;
    }

    /// <summary>Null when no more findings are kept.</summary>
    private FindingState? FindingOf(ServiceState service, FindingSubject subject, DateTimeOffset at)
    {
        if (service.Findings.TryGetValue(subject, out var finding))
        {
            return finding;
        }

        if (service.Findings.Count >= MaxFindingsPerService || _findingCount >= MaxFindings)
        {
            return null;
        }

        _findingCount++;
        service.Findings.Add(subject, finding = new FindingState(subject) { FirstSeen = at });
        return finding;
    }

    public void Restore(ServiceState service, FindingState finding)
    {
        service.Findings[finding.Subject] = finding;
        _findingCount++;
    }

    public void RestoreTotal(GatewayState gateway, FindingKey key, FindingTotal total)
    {
        gateway.FindingTotals[key] = total;
        _findingTotals++;
    }

    /// <summary>Totals stay with their gateway, as those of RED do: what it told a day ago is not counted again.</summary>
    private List<(string Service, FindingSubject Subject)> ForgetFindings(DateTimeOffset now)
    {
        var forgotten = new List<(string Service, FindingSubject Subject)>();
        foreach (var service in _services.Values)
        {
            foreach (var (subject, _) in service.Findings.Where(item => now - item.Value.LastSeen > Kept).ToList())
            {
                service.Findings.Remove(subject);
                forgotten.Add((service.Id, subject));
            }
        }

        _findingCount = _services.Values.Sum(service => service.Findings.Count);
        _findingTotals = _gateways.Values.Sum(gateway => gateway.FindingTotals.Count);
        return forgotten;
    }
}
