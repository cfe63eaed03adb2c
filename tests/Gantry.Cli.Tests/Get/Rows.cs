using System.Text.Json;
using Gantry.Estate.Use;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;

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

    public static EdgeRow Edge { get; } = new(
        "cart-mysql-1", new EdgeNode("cart-1", "cart", "service", "", "cart-1"), new EdgeNode("database::mysql:productdb", "mysql productdb", "database", "mysql", null),
        ["productdb", "db-1:3306"], "named by the caller's spans", "", [], null, new EdgeRed(12.5, 0.025, 0.007, 0.0125), 190, 5, Now.AddSeconds(-2));

    public static EdgeRow OpenEdge { get; } = Edge with
    {
        Id = "web-cart-1", Caller = new EdgeNode("web-1", "web", "service", "", "web-1"), Callee = new EdgeNode("service::cart", "cart", "service", "", null),
        JoinedBy = "", Open = "service.peer.name: 2 services", Candidates = ["cart (a)", "cart (b)"], Red = null, Traced = Now.AddHours(-1),
    };

    public static FindingRow Finding { get; } = new(
        "cart-missing-1", "low", "cart-1", "cart", "shop", "", "missing_resource_attribute", "Resource attribute service.version is missing", "Why.", "Set it.",
        "OTEL_RESOURCE_ATTRIBUTES=service.version=…", 4, "service.version", Now.AddHours(-2), Now.AddSeconds(-7));

    public static RegressionRow Regression { get; } = new(
        "cart-traces-1", "medium", "service", "cart-1", "cart", 3, 1, "traces", "cart lost traces since 02:54 UTC", "It still sends.", Now.AddMinutes(-10), Now.AddMinutes(-5),
        [new ChangeRow(7, Now.AddMinutes(-11), "version", "service", "cart-1", "cart", "1.4", "1.5", "version 1.4 to 1.5")]);

    public static AgentRow Agent { get; } = new(
        "a1", "gantry-agent", "0.1.0", "h1", "web-1", Connected: true, "websocket", Now, "healthy", "", ["ReportsStatus", "ReportsHealth"],
        new Dictionary<string, string>());

    public static Summary Summary { get; } = new(
        [0, 1], [1, 0, 0, 1, 0], 0, 1, 1, 1, [new Attention("high", "cart fell silent", "for 6 minutes", "/services/cart-1", Now.AddMinutes(-6))],
        new Step("Bring payments.dll out of the dark", "It sends nothing.", "gantry demo", "/"), Now);

    public static string Json<T>(params T[] rows) => JsonSerializer.Serialize(rows, JsonSerializerOptions.Web);

    public static string Json(Summary summary) => JsonSerializer.Serialize(summary, JsonSerializerOptions.Web);
}
