using Gantry.Agent.Processes.Agents;

namespace Gantry.Agent.Processes;

/// <summary>What is read once of a program. Compared by value: a second look that sees the same is no change.</summary>
internal sealed record ProcessDetails
{
    public string Executable { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Owner { get; init; } = "";

    public LanguageFact Language { get; init; } = LanguageFact.Unknown;

    public string Script { get; init; } = "";

    public CgroupPath Cgroup { get; init; } = new("", "");

    public StartEnvironment Declared { get; init; } = new("", "");

    public uint ContainerPid { get; init; }

    /// <summary>Inode of the network namespace; 0 when it may not be read.</summary>
    public ulong NetworkNamespace { get; init; }

    public ElfLoader Loader { get; init; } = ElfLoader.Unknown;

    public bool IsSecureExec { get; init; }

    /// <summary>Compiled ahead of time by NativeAOT or GraalVM.</summary>
    public bool IsNativeCode { get; init; }

    public bool HasDiagnosticPort { get; init; }

    public FoundAgents Agents { get; init; } = FoundAgents.None;

    public Unread Unread { get; init; }

    /// <summary>False when the agent had no right to look at what it needed to tell the language and the ports.</summary>
    public bool IsReadable => (Unread & (Unread.Executable | Unread.Maps | Unread.Namespace)) == Unread.None;
}
