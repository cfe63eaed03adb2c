using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gantry.Cli.Demo;
using NodeTelemetry = Gantry.Cli.Demo.NodeTelemetry;

namespace Gantry.Cli.Tests.Demo;

/// <summary>What the demo promises about itself.</summary>
public class SampleTests
{
    [Fact]
    public void The_shop_has_no_telemetry_in_it()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples/shop"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".js" or ".json" or ".cs" or ".csproj")
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotContain("opentelemetry", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase));
        using var package = JsonDocument.Parse(Repository.Read("samples/shop/package.json"));
        Assert.Equal(["amqplib"], package.RootElement.GetProperty("dependencies").EnumerateObject().Select(dependency => dependency.Name));
        Assert.DoesNotContain("PackageReference", Repository.Read("samples/shop/payments/payments.csproj"));
    }

    [Theory]
    [InlineData("src/Gantry.Cli/Demo/Telemetry/package-lock.json")]
    [InlineData("samples/shop/package-lock.json")]
    public void Packages_are_pinned_by_content_and_name_no_registry(string file)
    {
        using var locked = JsonDocument.Parse(Repository.Read(file));
        var packages = locked.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0).ToList();

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.True(package.Value.TryGetProperty("integrity", out _), package.Name));
        Assert.All(packages, package => Assert.False(package.Value.TryGetProperty("resolved", out _), package.Name));
    }

    [Fact]
    public void The_program_brings_everything_the_demo_starts()
    {
        string[] files = ["shop/storefront.js", "shop/catalog.js", "shop/cart.js", "shop/service.js", "shop/orders.js", "shop/fulfilment.js", "shop/bank.js", "shop/package-lock.json", "shop/.npmrc", "shop/payments/payments.dll", "shop/payments/payments.runtimeconfig.json", "shop-telemetry/package-lock.json", "shop-telemetry/.npmrc"];
        // Beside the program itself, not beside these tests.
        var program = Path.Combine(Repository.Root, "artifacts/bin/Gantry.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')));

        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(program, file)), file));
    }

    [Fact]
    public void Telemetry_is_environment_alone()
    {
        var variables = NodeTelemetry.Variables("/packages", "cart", new Uri("http://127.0.0.1:4318/")).ToDictionary();

        Assert.Equal("--require /packages/node_modules/@opentelemetry/auto-instrumentations-node/build/src/register.js", variables["NODE_OPTIONS"]);
        Assert.Equal("http://127.0.0.1:4318", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("cart", variables["OTEL_SERVICE_NAME"]);
    }

    [Theory]
    [InlineData("18.18.2", false)]
    [InlineData("18.19.0", true)]
    [InlineData("19.9.0", false)]
    [InlineData("20.5.1", false)]
    [InlineData("20.6.0", true)]
    [InlineData("24.0.0", true)]
    public void Node_is_new_enough_as_the_package_demands(string version, bool enough) =>
        Assert.Equal(enough, Prerequisites.IsNewEnough(Version.Parse(version)));

    [Fact]
    public void A_taken_port_is_left_to_its_owner()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        Assert.NotEqual(port, Ports.Take(port));
    }

    [Fact]
    public async Task Without_a_hub_the_demo_says_how_to_start_one()
    {
        Assert.SkipWhen(!OnPath("node") || !OnPath("npm"), "node or npm is not installed");

        var result = await Cli.RunAsync("demo", "--hub", "http://127.0.0.1:1");

        result.FailedWith(ExitCodes.HubUnreachable, "http://127.0.0.1:1", "gantry up");
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
