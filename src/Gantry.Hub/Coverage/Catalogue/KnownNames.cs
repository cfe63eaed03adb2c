using Gantry.Estate.Catalogue;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>What a service is called, by whom, and why that is taken for it.</summary>
internal static class KnownNames
{
    private const int Most = 20;

    /// <param name="matchedBy">How the processes were recognised; "" where there was nothing to recognise.</param>
    public static IReadOnlyList<KnownName> Of(string telemetry, bool isObi, bool isSdk, IReadOnlyList<HostProcess> processes, string matchedBy)
    {
        var names = new List<KnownName>(4);
        if (telemetry.Length > 0 && isObi)
        {
            Add(names, new KnownName(telemetry, "obi", "service.name of the telemetry of an eBPF instrumentation"));
        }

        if (telemetry.Length > 0 && (isSdk || !isObi))
        {
            Add(names, new KnownName(telemetry, "telemetry", "service.name of its telemetry"));
        }

        foreach (var process in processes)
        {
            var fact = process.Fact;
            Add(names, fact.GivenService, "given", "Gantry's own instrumentation of its process calls it so");
            Add(names, fact.DeclaredService, "environment", "OTEL_SERVICE_NAME in the environment of its process");
            Add(names, fact.DisplayName, "process", matchedBy.Length > 0 ? $"its process, recognised by {matchedBy}" : "its process, which listens");
        }

        return names;
    }

    /// <summary>The names of all rows that are one service, and those that its document has.</summary>
    public static IReadOnlyList<KnownName> With(Service service, IEnumerable<ServiceRow> rows)
    {
        var names = new List<KnownName>();
        foreach (var name in rows.SelectMany(row => row.Names))
        {
            Add(names, name);
        }

        foreach (var name in service.AllNames)
        {
            Add(names, name, "declared", $"Service {service.Name} {(name == service.Name ? "is called so" : "has it in names")}");
        }

        return names;
    }

    /// <summary>telemetry.distro.name and telemetry.sdk.name of OpenTelemetry's eBPF instrumentation, of Beyla that it comes from, and of what is built on either.</summary>
    public static bool IsObi(SourceState source) => Says(source.Find("telemetry.distro.name")) || Says(source.Find("telemetry.sdk.name"));

    private static bool Says(string name) => name.Contains("ebpf", StringComparison.OrdinalIgnoreCase) || name.Contains("beyla", StringComparison.OrdinalIgnoreCase) || name == "obi";

    private static void Add(List<KnownName> names, string name, string source, string rule)
    {
        if (name.Length > 0)
        {
            Add(names, new KnownName(name, source, rule));
        }
    }

    private static void Add(List<KnownName> names, KnownName name)
    {
        if (names.Count < Most && !names.Exists(known => known.Name == name.Name && known.Source == name.Source))
        {
            names.Add(name);
        }
    }
}
