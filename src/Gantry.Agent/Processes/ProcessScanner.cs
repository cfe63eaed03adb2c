using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// Keeps the list of processes. A scan (1) reads one line of each process, and the details only of new ones and of those whose program was
/// replaced, (2) forgets the ended, (3) reads the listening sockets of each network namespace, and (4) looks through descriptors only where
/// a socket or a process is new. Nothing throws out of it: a process may end, or refuse, between any two reads.
/// </summary>
internal sealed class ProcessScanner
{
    /// <summary>Ticks of 1/100 s in which a young process is looked at again at each scan.</summary>
    private const ulong YoungTicks = 500;

    /// <summary>By then an application has loaded what it loads late, an SDK above all: it is looked at once more, and no more after.</summary>
    private const ulong OldTicks = 6000;

    private readonly ProcFiles _proc;
    private readonly DetailsReader _details;
    private readonly SocketWatch _sockets;
    private readonly Dictionary<int, TrackedProcess> _processes = [];
    private readonly List<int> _pids = [];
    private readonly List<int> _gone = [];
    private long _scan;
    private ulong _nowTicks;

    public ProcessScanner(ProcFiles proc, ProcFiles etc)
    {
        _proc = proc;
        _details = new DetailsReader(proc, etc);
        _sockets = new SocketWatch(proc);
    }

    /// <summary>As of the last scan.</summary>
    public IReadOnlyCollection<TrackedProcess> Processes => _processes.Values;

    /// <summary>Grows whenever something changed that an inventory would show.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>In words, why /proc itself showed less than there is; "" when it did not.</summary>
    public string Limit { get; private set; } = "";

    public void Scan()
    {
        _scan++;
        _details.Restart();
        _nowTicks = UptimeReader.TryReadSeconds(_proc, out var uptime) ? (ulong)(uptime * CpuReader.TicksPerSecond) : 0;
        ReadProcesses();
        ForgetGone();
        Version += _sockets.Update(_processes.Values, _scan);
    }

    private void ReadProcesses()
    {
        if (_proc.TryListProcesses(_pids) != FileOutcome.Ok)
        {
            Limit = $"{_proc.Root} cannot be listed";
            return;
        }

        foreach (var pid in _pids)
        {
            ReadProcess(pid);
        }

        Limit = _pids.Contains(1) ? "" : "/proc hides the processes of other users (mount option hidepid)";
    }

    private void ReadProcess(int pid)
    {
        if (_proc.TryRead(pid, "stat"u8, out var text, 4096) != FileOutcome.Ok || !StatLine.TryParse(text, out var stat)
            || stat.IsKernelThread || stat.IsDead)
        {
            return;
        }

        var known = _processes.GetValueOrDefault(pid);
        if (known is null || known.StartTicks != stat.StartTicks)
        {
            if (known is { IsReported: true })
            {
                Version++;
            }

            AddNew(pid, stat, Command(text));
            return;
        }

        known.Scan = _scan;
        var isReplaced = stat.StartStack != 0 || known.Stat.StartStack != 0
            ? stat.StartStack != known.Stat.StartStack
            : stat.CommandHash != known.Stat.CommandHash;
        if (stat.ParentPid != known.Stat.ParentPid && known.IsReported)
        {
            Version++;
        }

        known.Stat = stat;
        if (isReplaced || !known.IsSettled || (!known.IsOld && !IsYoung(stat, OldTicks)))
        {
            LookAgain(known, Command(text));
        }
    }

    private void AddNew(int pid, StatLine stat, string command)
    {
        _processes.Remove(pid);
        if (_details.Read(pid, stat.StartTicks, command) is { } details)
        {
            var process = new TrackedProcess(pid, stat, command, details) { Scan = _scan, IsSettled = !IsYoung(stat, YoungTicks), IsOld = !IsYoung(stat, OldTicks) };
            _processes.Add(pid, process);
            Version += process.IsReported ? 1 : 0;
        }
    }

    private void LookAgain(TrackedProcess process, string command)
    {
        process.IsSettled = !IsYoung(process.Stat, YoungTicks);
        process.IsOld = !IsYoung(process.Stat, OldTicks);
        process.NeedsWalk = true;
        process.Command = command;
        if (_details.Read(process.Pid, process.StartTicks, command) is { } details && details != process.Details)
        {
            process.Details = details;
            Version++;
        }
    }

    private void ForgetGone()
    {
        _gone.Clear();
        foreach (var process in _processes.Values)
        {
            if (process.Scan != _scan)
            {
                _gone.Add(process.Pid);
            }
        }

        foreach (var pid in _gone)
        {
            _processes.Remove(pid, out var process);
            Version += process!.IsReported ? 1 : 0;
        }
    }

    private bool IsYoung(StatLine stat, ulong ticks) => _nowTicks < stat.StartTicks + ticks;

    private static string Command(ReadOnlySpan<byte> stat) => Encoding.UTF8.GetString(StatLine.Command(stat));
}
