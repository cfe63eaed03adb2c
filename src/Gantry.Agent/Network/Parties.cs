using Gantry.Agent.Processes;

namespace Gantry.Agent.Network;

/// <summary>Who talks: the processes of one service on this host are one party, so that workers and restarts do not make new rows.</summary>
/// <param name="Service">The declared service name, else the process's display name.</param>
/// <param name="Process">The process's display name.</param>
/// <param name="Container">Id of its container, or "".</param>
internal sealed record Party(string Service, string Process, string Container);

/// <summary>A number for each party, and the party of each process. 0 is nobody that is known.</summary>
internal sealed class Parties
{
    private const int Most = 4096;

    private readonly List<Party> _all = [new Party("", "", "")];
    private readonly Dictionary<Party, int> _numbers = [];
    private readonly Dictionary<int, (ProcessDetails Details, int Number)> _processes = [];
    private readonly List<int> _gone = [];
    private readonly HashSet<int> _seen = [];

    public Party this[int number] => _all[number];

    public int Of(TrackedProcess process)
    {
        if (_processes.TryGetValue(process.Pid, out var known) && ReferenceEquals(known.Details, process.Details))
        {
            return known.Number;
        }

        var details = process.Details;
        var service = details.Declared.Service.Length > 0 ? details.Declared.Service : details.DisplayName;
        var number = Number(new Party(service, details.DisplayName, details.Cgroup.ContainerId));
        _processes[process.Pid] = (details, number);
        return number;
    }

    /// <summary>Forgets the processes that have ended. Parties stay: their counters go on.</summary>
    public void Keep(IReadOnlyCollection<TrackedProcess> processes)
    {
        _seen.Clear();
        foreach (var process in processes)
        {
            _seen.Add(process.Pid);
        }

        _gone.Clear();
        foreach (var pid in _processes.Keys)
        {
            if (!_seen.Contains(pid))
            {
                _gone.Add(pid);
            }
        }

        foreach (var pid in _gone)
        {
            _processes.Remove(pid);
        }
    }

    private int Number(Party party)
    {
        if (_numbers.TryGetValue(party, out var number))
        {
            return number;
        }

        if (_all.Count >= Most)
        {
            return 0;
        }

        _all.Add(party);
        _numbers.Add(party, _all.Count - 1);
        return _all.Count - 1;
    }
}
