using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Processes;

/// <summary>A process between two scans. Only the scanner touches it; what leaves is a copy.</summary>
internal sealed class TrackedProcess(int pid, StatLine stat, string command, ProcessDetails details)
{
    public int Pid { get; } = pid;

    /// <summary>With the pid the identity.</summary>
    public ulong StartTicks { get; } = stat.StartTicks;

    public StatLine Stat { get; set; } = stat;

    public string Command { get; set; } = command;

    public ProcessDetails Details { get; set; } = details;

    /// <summary>Inodes of the listening sockets that it holds, sorted.</summary>
    public List<ulong> Sockets { get; set; } = [];

    public List<Endpoint> Listening { get; set; } = [];

    /// <summary>The last look was later than its first seconds, in which a program loads its runtime or another takes its place.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The last look was later than its first minute.</summary>
    public bool IsOld { get; set; }

    /// <summary>Its descriptors must be looked through.</summary>
    public bool NeedsWalk { get; set; } = true;

    public bool MayWalk { get; set; } = true;

    /// <summary>The scan that saw it last.</summary>
    public long Scan { get; set; }

    public bool IsReadable => Details.IsReadable && MayWalk;

    /// <summary>Only these are of use to the hub: they serve somebody, or can be instrumented.</summary>
    public bool IsReported => Listening.Count > 0 || Details.Language.Language.Length > 0;

    public ProcessFact ToFact(ulong bootUnixNano)
    {
        var fact = new ProcessFact
        {
            Pid = (uint)Pid,
            StartUnixNano = bootUnixNano + (StartTicks * 10_000_000),
            Executable = Details.Executable,
            DisplayName = Details.DisplayName,
            Owner = Details.Owner,
            Language = Details.Language.Language,
            LanguageRule = Details.Language.Rule,
            RuntimeVersion = Details.Language.Version,
            Unit = Details.Cgroup.Unit,
            ContainerId = Details.Cgroup.ContainerId,
            DeclaredService = Details.Declared.Service,
            GivenService = Details.Declared.Given,
            DeclaredNamespace = Details.Declared.Namespace,
            ContainerPid = Details.ContainerPid,
            Script = Details.Script,
            ParentPid = Stat.ParentPid,
            Libc = Details.Loader.Libc,
            IsStatic = Details.Loader.IsStatic,
            IsSecureExec = Details.IsSecureExec,
            IsNativeCode = Details.IsNativeCode,
            HasDiagnosticPort = Details.HasDiagnosticPort,
            PodUid = Details.Cgroup.PodUid,
            Unreadable = (Details.Unread | (MayWalk ? Unread.None : Unread.Descriptors)).Describe(),
        };
        foreach (var agent in Details.Agents.Agents)
        {
            fact.OtherAgents.Add(agent.ToFact());
        }

        foreach (var endpoint in Listening)
        {
            fact.Listening.Add(new ListeningSocket { Address = endpoint.Address, Port = endpoint.Port });
        }

        return fact;
    }
}
