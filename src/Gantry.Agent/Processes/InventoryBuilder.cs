using Gantry.Agent.Host;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Processes;

/// <summary>Makes the message of what a scan found: what matters first, within bounds, and says what it left out.</summary>
internal sealed class InventoryBuilder(HostIdentity host, ulong bootUnixNano, TimeProvider time)
{
    public const int MostProcesses = 5000;

    public ProcessInventory Build(ProcessScanner scanner)
    {
        var inventory = new ProcessInventory
        {
            HostId = host.Id,
            HostName = host.Name,
            BootUnixNano = bootUnixNano,
            ScannedUnixNano = time.GetUtcNow().ToUnixNano(),
        };
        var reported = new List<TrackedProcess>();
        var others = 0;
        foreach (var process in scanner.Processes)
        {
            inventory.Unreadable += process.IsReadable ? 0u : 1;
            if (process.IsReported)
            {
                reported.Add(process);
            }
            else
            {
                others++;
            }
        }

        reported.Sort(static (a, b) => Order(a).CompareTo(Order(b)));
        foreach (var process in reported.Take(MostProcesses))
        {
            inventory.Processes.Add(process.ToFact(bootUnixNano));
        }

        inventory.Limits = Describe(scanner.Limit, inventory.Unreadable, others, reported.Count - inventory.Processes.Count);
        return inventory;
    }

    private static (int Group, int Pid) Order(TrackedProcess process) => (process.Listening.Count > 0 ? 0 : 1, process.Pid);

    private static string Describe(string limit, uint unreadable, int others, int tooMany)
    {
        var parts = new List<string>(4);
        if (limit.Length > 0)
        {
            parts.Add(limit);
        }

        if (unreadable > 0)
        {
            parts.Add($"{Count(unreadable)} could not be read in full (that needs root, or CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH; the kernel may protect some even so)");
        }

        if (others > 0)
        {
            parts.Add($"{Count((uint)others)} left out, neither listening on TCP nor of a known language");
        }

        if (tooMany > 0)
        {
            parts.Add($"{tooMany} more left out, as {MostProcesses} is the most that is sent; those that listen came first");
        }

        return string.Join("; ", parts);
    }

    private static string Count(uint processes) => processes == 1 ? "1 process" : $"{processes} processes";
}
