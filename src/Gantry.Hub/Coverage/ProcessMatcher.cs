using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Coverage;

/// <summary>A process on a host.</summary>
internal sealed record HostProcess(HostInventory Inventory, ProcessFact Fact)
{
    public string HostId => Inventory.Processes.HostId;

    public string HostName => Inventory.Processes.HostName;

    public DateTimeOffset Started => UnixTime.FromUnixNano(Fact.StartUnixNano);

    public bool Listens => Fact.Listening.Count > 0;
}

/// <summary>
/// Recognises the process behind telemetry, so that the two are one row. The rules, surest first (docs/adr/0003): the same host and pid; the same
/// container; the same service name in the process's environment. A pid of a container is never taken for one of the host, and a host's name only counts
/// where the emitter sent no host.id and no two hosts bear it. A pid only counts for telemetry that is younger than the process: the
/// kernel hands pids out again.
/// </summary>
internal sealed class ProcessMatcher
{
    private readonly Dictionary<(string HostId, string Pid), HostProcess> _byPid = [];
    private readonly Dictionary<string, string> _hostByName = [];
    private readonly ILookup<string, HostProcess> _byContainer;
    private readonly ILookup<string, HostProcess> _byDeclaredName;

    public ProcessMatcher(IReadOnlyList<HostProcess> processes)
    {
        foreach (var process in processes.Where(process => process.Fact is { ContainerPid: 0, ContainerId: "" }))
        {
            _byPid[(process.HostId, process.Fact.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture))] = process;
        }

        foreach (var named in processes.GroupBy(process => process.HostName, process => process.HostId).Where(named => named.Distinct().Count() == 1))
        {
            _hostByName.Add(named.Key, named.First());
        }

        _byContainer = processes.Where(process => process.Fact.ContainerId.Length > 0).ToLookup(process => process.Fact.ContainerId);
        _byDeclaredName = processes.Where(process => NameOf(process).Length > 0).ToLookup(NameOf);
    }

    /// <returns>The processes of one emitter, and the rule that found them; none when nothing matches.</returns>
    public (IReadOnlyList<HostProcess> Processes, string Rule) Match(ServiceKey service, SourceState source)
    {
        var container = source.Find("container.id");
        if (container.Length > 0)
        {
            // Inside a container the pid is the container's own.
            var inside = _byContainer[container].ToList();
            var pid = source.Find("process.pid");
            var same = inside.Where(process => process.Fact.ContainerPid.ToString(System.Globalization.CultureInfo.InvariantCulture) == pid).ToList();
            if (inside.Count > 0)
            {
                return same.Count > 0 ? (same, "same container and pid") : (inside, "same container");
            }
        }
        else if (_byPid.TryGetValue((HostOf(source), source.Find("process.pid")), out var process) && source.LastSeen >= process.Started)
        {
            return ([process], "same host and pid");
        }

        var declared = _byDeclaredName[service.Name]
            .Where(process => process.Fact.DeclaredNamespace.Length == 0 || process.Fact.DeclaredNamespace == service.Namespace)
            .Where(process => OnHostOf(source, process) && source.LastSeen >= process.Started)
            .ToList();
        return declared.Count > 0 ? (declared, "service name in the process's environment") : ([], "");
    }

    /// <summary>What its telemetry is called: a name that Gantry gave it is in the place of its own.</summary>
    private static string NameOf(HostProcess process) => process.Fact.GivenService.Length > 0 ? process.Fact.GivenService : process.Fact.DeclaredService;

    /// <summary>A source that names no host may be on any.</summary>
    private bool OnHostOf(SourceState source, HostProcess process) =>
        (source.Find("host.id").Length == 0 && source.Find("host.name").Length == 0) || HostOf(source) == process.HostId;

    /// <summary>"" when it cannot be told.</summary>
    private string HostOf(SourceState source) =>
        source.Find("host.id") is { Length: > 0 } id ? id : _hostByName.GetValueOrDefault(source.Find("host.name"), "");
}
