using System.Globalization;
using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Instrument.Obi;

/// <summary>One thing that OBI needs of a host.</summary>
/// <param name="Found">What there is, and when that is not enough, what would be.</param>
/// <param name="IsNeeded">False: without it OBI runs, and does less; <paramref name="Found"/> says what.</param>
internal sealed record ObiNeed(string Name, bool IsMet, bool IsNeeded, string Found);

/// <summary>Whether OBI can run on a host; what is missing is said one by one. From OBI's documented requirements (zero-code/obi, "Security").</summary>
internal static class ObiCheck
{
    /// <summary>Bits of CapEff, by capability.h.</summary>
    private static readonly (string Name, int Bit)[] Capabilities =
        [("BPF", 39), ("PERFMON", 38), ("DAC_READ_SEARCH", 2), ("CHECKPOINT_RESTORE", 40), ("SYS_PTRACE", 19), ("NET_RAW", 13)];

    private const int SysAdmin = 21;
    private const int NetAdmin = 12;

    /// <summary>A program that is run gets the agent's own capabilities, so they are what counts.</summary>
    public static IReadOnlyList<ObiNeed> Run(ProcFiles proc, ProcFiles sys)
    {
        var release = Text(proc, "sys/kernel/osrelease");
        var capabilities = EffectiveCapabilities(proc);
        var isAdmin = Has(capabilities, SysAdmin);
        var missing = Capabilities.Where(capability => !Has(capabilities, capability.Bit) && !(isAdmin && capability.Name is "BPF" or "PERFMON" or "CHECKPOINT_RESTORE")).Select(capability => "CAP_" + capability.Name).ToList();
        var paranoid = long.TryParse(Text(proc, "sys/kernel/perf_event_paranoid"), CultureInfo.InvariantCulture, out var level) ? level : 2;
        var lockdown = Text(sys, "kernel/security/lockdown");
        var mode = lockdown.Contains('[') ? lockdown.Split('[')[1].Split(']')[0] : "none";
        var hasGroups = sys.Exists("fs/cgroup/cgroup.controllers"u8) || sys.Exists("fs/cgroup/unified/cgroup.controllers"u8);
        return
        [
            new("kernel", IsNewEnough(release), true, IsNewEnough(release) ? release : $"{(release.Length == 0 ? "unknown" : release)}; needed is 5.8 or later, or the 4.18 of the RHEL family with its backports"),
            new("type information", sys.Exists("kernel/btf/vmlinux"u8), true, sys.Exists("kernel/btf/vmlinux"u8) ? "/sys/kernel/btf/vmlinux" : "/sys/kernel/btf/vmlinux is missing; needed is a kernel built with CONFIG_DEBUG_INFO_BTF=y"),
            new("capabilities", missing.Count == 0, true, missing.Count == 0 ? "all" : $"missing: {string.Join(", ", missing)}; run the agent as root, or give its unit these in AmbientCapabilities"),
            new("perf events", paranoid <= 2 || isAdmin, true, paranoid <= 2 ? $"perf_event_paranoid is {paranoid}" : isAdmin ? $"perf_event_paranoid is {paranoid}, and CAP_SYS_ADMIN passes it" : $"perf_event_paranoid is {paranoid}; needed is 2 or less, or CAP_SYS_ADMIN"),
            new("lockdown", mode != "confidentiality", true, mode == "confidentiality" ? "the kernel is locked down for confidentiality, which forbids reading its memory with eBPF; boot with lockdown=integrity or none" : mode),
            new("Go context propagation", isAdmin && mode == "none", false, isAdmin && mode == "none" ? "possible" : "not possible: it writes memory of processes, which needs CAP_SYS_ADMIN and no lockdown"),
            new("network context propagation", Has(capabilities, NetAdmin) && hasGroups, false, Has(capabilities, NetAdmin) && hasGroups ? "possible" : $"not possible: {(hasGroups ? "CAP_NET_ADMIN is missing" : "no cgroup v2 is mounted at /sys/fs/cgroup")}"),
        ];
    }

    /// <returns>"" when OBI can run.</returns>
    public static string Missing(IReadOnlyList<ObiNeed> needs) => string.Join("; ", needs.Where(need => need is { IsNeeded: true, IsMet: false }).Select(need => $"{need.Name}: {need.Found}"));

    private static bool IsNewEnough(string release)
    {
        var numbers = release.Split('.', '-', '+');
        return numbers.Length > 1 && int.TryParse(numbers[0], CultureInfo.InvariantCulture, out var major) && int.TryParse(numbers[1], CultureInfo.InvariantCulture, out var minor)
            && (major > 5 || (major == 5 && minor >= 8) || (major == 4 && minor == 18 && release.Contains(".el8", StringComparison.Ordinal)));
    }

    private static ulong EffectiveCapabilities(ProcFiles proc)
    {
        var line = Text(proc, "self/status").Split('\n').FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) ? bits : 0;
    }

    private static bool Has(ulong capabilities, int bit) => (capabilities & (1UL << bit)) != 0;

    private static string Text(ProcFiles files, string path) =>
        files.TryRead(Encoding.UTF8.GetBytes(path), out var text, 64 * 1024) == FileOutcome.Ok ? Encoding.UTF8.GetString(text).Trim() : "";
}
