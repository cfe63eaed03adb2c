using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Injector;

/// <summary>Whole file sets, as they stand in Golden/. GANTRY_UPDATE_CONTRACTS=1 writes them anew.</summary>
public sealed class GoldenFilesTests
{
    [Fact]
    public void By_path()
    {
        var payments = new ProcessFact { Pid = 11, StartUnixNano = 1, Executable = "/opt/payments/payments", Language = "dotnet", Unit = "payments.service", DisplayName = "payments.dll", Libc = "glibc" };
        var orders = new ProcessFact { Pid = 12, StartUnixNano = 1, Executable = "/usr/lib/jvm/21/bin/java", Language = "java", Unit = "orders@1.service", DisplayName = "orders.jar", DeclaredService = "orders", Libc = "glibc" };
        var tools = new ProcessFact { Pid = 13, StartUnixNano = 1, Executable = "/opt/payments/tools/migrate", Language = "dotnet", DisplayName = "migrate" };
        var block = new InstrumentationRule("shop/tools", RuleAction.Block, new ProcessMatch { Executables = ["/opt/*/tools/*"] });
        var allow = new InstrumentationRule("shop/all", RuleAction.Allow, new ProcessMatch { Executables = ["/opt/payments/*", "/usr/lib/jvm/*/bin/java"], Languages = ["dotnet", "java"] }, Namespace: "shop");
        var plan = InstrumentationPlan.Nothing with { Rules = [block, allow], Environment = Variables };

        var files = InjectorRenderer.Render(plan, Host with { Injected = [new(payments, allow), new(orders, allow)], Processes = [payments, orders, tools] });

        Assert.Equal("", files.ByUnit);
        Golden.Check("by-path.txt", files);
    }

    [Fact]
    public void By_unit()
    {
        var shop = InjectorTrapTests.Node;
        var allow = new InstrumentationRule("shop/units", RuleAction.Allow, new ProcessMatch { Units = ["shop*.service"], Languages = ["nodejs"] }, Service: "shop 100% \"pure\"", Namespace: "eu/shop");

        var files = InjectorRenderer.Render(InstrumentationPlan.Nothing with { Rules = [allow], Environment = Variables }, Host with { Injected = [new(shop, allow)], Processes = [shop] });

        Assert.Equal("rule shop/units: 'shop*.service' is none of what the injector can allow by: it sees executables and arguments only", files.ByUnit);
        Golden.Check("by-unit.txt", files);
    }

    [Fact]
    public void Environment_of_units()
    {
        var allow = new InstrumentationRule("shop/units", RuleAction.Allow, new ProcessMatch());
        InjectorTarget Unit(uint pid, string language, string variable, string value) => new(
            new ProcessFact { Pid = pid, StartUnixNano = 1, Executable = $"/usr/bin/{language}", Language = language, Unit = $"{language}.service", DisplayName = language, Libc = language == "python" ? "musl" : "glibc" },
            allow,
            variable.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { [variable] = value });

        var files = InjectorRenderer.Render(
            InstrumentationPlan.Nothing with { Rules = [allow], Environment = Variables },
            Host with { ByEnvironment = [Unit(1, "java", "JAVA_TOOL_OPTIONS", "-Xmx1g"), Unit(2, "nodejs", "", ""), Unit(3, "python", "PYTHONPATH", "/srv/lib"), Unit(4, "dotnet", "", ""), Unit(5, "ruby", "", "")] });

        Assert.Equal("rule shop/units: 'ruby' ruby has no variable that loads an agent; java, nodejs, python and dotnet have", Assert.Single(files.Problems).ToString());
        Golden.Check("environment-of-units.txt", files);
    }

    private static readonly Dictionary<string, string> Variables = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };

    private static readonly InjectorHost Host = InjectorTrapTests.Host() with { Injected = [], Processes = [] };
}

internal static class Golden
{
    public static void Check(string name, InjectorFiles files) => Check(name, string.Concat(files.Files.Select(file => $"==> {file.Path} {Convert.ToString(file.Mode, 8)}\n{file.Content}")));

    public static void Check(string name, string text)
    {
        var path = Path.Combine(Repository.Root, "tests/Gantry.Agent.Tests/Injector/Golden", name);
        if (Environment.GetEnvironmentVariable("GANTRY_UPDATE_CONTRACTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}
