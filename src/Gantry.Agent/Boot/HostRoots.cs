using Gantry.Agent.Host;

namespace Gantry.Agent.Boot;

/// <summary>The folders that the host is read from, and what is read of them once.</summary>
internal sealed class HostRoots : IDisposable
{
    public HostRoots(AgentOptions options)
    {
        Proc = new ProcFiles(options.ProcRoot);
        Sys = new ProcFiles(options.SysRoot);
        Etc = new ProcFiles(options.EtcRoot);
        Identity = HostIdentity.Read(Proc, Sys, Etc);
        BootUnixNano = BootTime.ReadUnixNano(Proc);
    }

    public ProcFiles Proc { get; }

    public ProcFiles Sys { get; }

    public ProcFiles Etc { get; }

    public HostIdentity Identity { get; }

    public ulong BootUnixNano { get; }

    public void Dispose()
    {
        Proc.Dispose();
        Sys.Dispose();
        Etc.Dispose();
    }
}
