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
    /// <summary>Numbers, at once.</summary>
    public const int Most = 4096;

    /// <summary>When so few are left, those of the gone are looked for, so that a burst of new ones still finds some.</summary>
    private const int Few = 256;

    private readonly List<Party> _all = [new Party("", "", "")];
    private readonly Dictionary<Party, int> _numbers = [];
    private readonly Dictionary<int, (ProcessDetails Details, int Number)> _processes = [];
    private readonly Stack<int> _free = [];
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

    /// <summary>Few numbers are left for new parties: it is time for <see cref="Free"/>. A container's id is part of a party, so on some hosts every minute has new ones.</summary>
    public bool IsCrowded => Most - _all.Count + _free.Count < Few;

    /// <summary>Adds the numbers of all parties that have a process.</summary>
    public void AddLiving(HashSet<int> numbers)
    {
        foreach (var (_, number) in _processes.Values)
        {
            numbers.Add(number);
        }
    }

    /// <summary>Gives all other numbers to parties that come. Nothing may hold one of them any more.</summary>
    public void Free(HashSet<int> used)
    {
        for (var number = 1; number < _all.Count; number++)
        {
            // A free one's party is not in the numbers, or has another number by now.
            if (!used.Contains(number) && _numbers.TryGetValue(_all[number], out var own) && own == number)
            {
                _numbers.Remove(_all[number]);
                _all[number] = _all[0];
                _free.Push(number);
            }
        }
    }

    /// <summary>Forgets the processes that have ended. Parties stay, their counters go on, until numbers get few.</summary>
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

        if (_free.TryPop(out number))
        {
            _all[number] = party;
        }
        else if (_all.Count < Most)
        {
            number = _all.Count;
            _all.Add(party);
        }
        else
        {
            return 0;
        }

        _numbers.Add(party, number);
        return number;
    }
}
