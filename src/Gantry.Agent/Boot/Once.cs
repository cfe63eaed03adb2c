using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Boot;

/// <summary>Two samples a second apart and a scan, for a person or a script to read; nothing is sent.</summary>
internal static class Once
{
    public static async Task<(MetricBatch Metrics, HostIdentity Host, ProcessInventory Inventory)> TakeAsync(
        AgentOptions options, TimeProvider time, Microsoft.Extensions.Logging.ILogger logger, CancellationToken cancellation)
    {
        using var roots = new HostRoots(options);
        var sampler = new HostSampler(roots.Proc, roots.Sys, time, logger);
        var batch = new MetricBatch();
        sampler.Sample(batch);
        var scanner = new ProcessScanner(roots.Proc, roots.Etc);
        scanner.Scan();
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
        sampler.Sample(batch);
        return (batch, roots.Identity, new InventoryBuilder(roots.Identity, roots.BootUnixNano, time).Build(scanner));
    }

    public static void WriteText(TextWriter output, MetricBatch metrics, HostIdentity host, ProcessInventory inventory)
    {
        output.WriteLine($"host {host.Name} ({host.Id}), {host.OsDescription}, {host.Architecture}");
        output.WriteLine();
        foreach (var metric in metrics.Metrics)
        {
            output.WriteLine($"{metric.Name} ({metric.Unit}): {metric.Description}");
            foreach (var point in metrics.Points)
            {
                if (ReferenceEquals(point.Metric, metric))
                {
                    var value = point.IsInteger ? point.Integer.ToString() : point.Number.ToString("0.####");
                    output.WriteLine($"  {value,20}  {Describe(point)}".TrimEnd());
                }
            }
        }

        output.WriteLine();
        output.WriteLine($"{inventory.Processes.Count} processes");
        foreach (var process in inventory.Processes)
        {
            output.WriteLine(Describe(process));
            foreach (var line in Facts(process))
            {
                output.WriteLine($"            {line}");
            }
        }

        if (inventory.Limits.Length > 0)
        {
            output.WriteLine($"limits: {inventory.Limits}");
        }
    }

    private static string Describe(in MetricPoint point) => string.Join(
        ", ", new[] { point.A, point.B, point.C, point.D, point.E }.Where(tag => tag.Key is not null).Select(tag => $"{tag.Key}={tag.Value}"));

    /// <summary>What decides by which method it can be instrumented, a line each.</summary>
    private static IEnumerable<string> Facts(ProcessFact process)
    {
        string[] start =
        [
            process.Libc,
            process.IsStatic ? "static" : "",
            process.IsSecureExec ? "runs with raised rights (AT_SECURE)" : "",
            process.IsNativeCode ? "compiled ahead of time" : "",
            process.HasDiagnosticPort ? "can be attached to" : "",
            process.PodUid.Length > 0 ? $"pod {process.PodUid}" : "",
        ];
        if (start.Any(word => word.Length > 0))
        {
            yield return string.Join(", ", start.Where(word => word.Length > 0));
        }

        foreach (var agent in process.OtherAgents)
        {
            yield return $"{agent.Name}: {agent.Rule}";
        }

        if (process.Unreadable.Length > 0)
        {
            yield return process.Unreadable;
        }
    }

    private static string Describe(ProcessFact process)
    {
        var language = process.Language.Length > 0 ? $"{process.Language} {process.RuntimeVersion}".Trim() : "language unknown";
        var ports = string.Join(" ", process.Listening.Select(socket => $"{socket.Address}:{socket.Port}"));
        var where = process.ContainerId.Length > 0 ? $"container {process.ContainerId[..12]}" : process.Unit;
        var rule = process.LanguageRule.Length > 0 ? $" ({process.LanguageRule})" : "";
        return $"  {process.Pid,8}  {process.DisplayName}  {language}{rule}  {ports}  {where} {process.DeclaredService}".TrimEnd();
    }
}
