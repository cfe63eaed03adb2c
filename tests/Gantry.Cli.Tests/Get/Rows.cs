using System.Text.Json;
using Gantry.Estate.Use;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Tests.Get;

/// <summary>Rows as a hub sends them.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static HostRow Host { get; } = new(
        "h1", "web-1", 1, Stale: false, "Debian 12", "amd64", Now.AddSeconds(-12), new UsePoint(Now) { CpuUtilization = 0.25, MemoryUtilization = 0.5 },
        [new EvidenceRow("cpu.utilization", "CPU utilisation", "", 1, "fresh", Now, "system.cpu.time"), new EvidenceRow("disk.errors", "Disk errors", "", 1, "stale", Now, "")],
        "a1", Processes: 9, Services: 3, Dark: 2, Limits: "");

    public static ServiceRow Service { get; } = new(
        "cart-1", "cart", "shop", "", 3, Dark: false, Stale: false, "nodejs", "telemetry.sdk.language of its telemetry", "20.20.2", "opentelemetry 2.12.0",
        "same host and pid", Now.AddMinutes(-3), new RedNow(12.5, 0.025, 0.001, 0.0125, 0.1, "spans", Now), 190, [],
        [new ProcessRow("h1", "web-1", 42, Now, "cart.js", "/usr/bin/node", "root", "nodejs", "", "", ["127.0.0.1:5082"], "", "")], Next: null);

    public static ServiceRow Dark { get; } = Service with
    {
        Id = "dark-pay-1", Name = "payments.dll", Namespace = "", Rung = 0, Dark = true, Language = "dotnet", LanguageRule = "libcoreclr.so is mapped",
        Red = null, Requests = 0, LastSeen = Now.AddHours(-2), Next = new Step("Bring payments.dll out of the dark", "It sends nothing.", "", "/services/dark-pay-1"),
    };

    public static AgentRow Agent { get; } = new(
        "a1", "gantry-agent", "0.1.0", "h1", "web-1", Connected: true, "websocket", Now, "healthy", "", ["ReportsStatus", "ReportsHealth"],
        new Dictionary<string, string>());

    public static Summary Summary { get; } = new(
        [0, 1], [1, 0, 0, 1, 0], 0, 1, 1, 1, [new Attention("high", "cart fell silent", "for 6 minutes", "/services/cart-1", Now.AddMinutes(-6))],
        new Step("Bring payments.dll out of the dark", "It sends nothing.", "gantry demo", "/"), Now);

    public static string Json<T>(params T[] rows) => JsonSerializer.Serialize(rows, JsonSerializerOptions.Web);

    public static string Json(Summary summary) => JsonSerializer.Serialize(summary, JsonSerializerOptions.Web);
}
