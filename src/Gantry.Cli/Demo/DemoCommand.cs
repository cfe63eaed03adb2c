using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Serve;
using Gantry.Cli.Verbs;

namespace Gantry.Cli.Demo;

/// <summary><c>gantry demo</c>: a shop without telemetry climbs the ladder, and the counts are checked against its access logs.</summary>
internal static class DemoCommand
{
    private const string DefaultGateway = "http://127.0.0.1:4318";
    private const int DefaultPurchases = 200;
    private const int MostPurchases = 1_000_000;

    public static Command Create(CliContext context)
    {
        var purchases = NumberOption.Create("--purchases", "How many purchases are made and counted", "N", DefaultPurchases, 1, MostPurchases);
        var keep = new Option<bool>("--keep") { Description = "Leave the shop running, with a little load, until Ctrl-C" };
        var hub = HubAddress.Option(context);
        var gateway = Address.Option(context, "--gateway", "The gateway's OTLP/HTTP address", "GANTRY_GATEWAY", DefaultGateway);
        var data = ServeOptions.Data(context);
        var verb = new Verb("demo", "Run a small shop, switch telemetry on from outside, and check the counts", context)
        {
            Details =
                "Needs Node.js and npm, and `gantry up` in another terminal. Four services without telemetry code start dark; the three Node.js ones\n" +
                "start again with OpenTelemetry's published auto-instrumentation, switched on by environment variables alone; then purchases are made.\n" +
                "Each service's access log says what was sent, the gateway's RED what was counted: exit code 0 when they are equal, 1 when not.",
            Examples =
            [
                new Example("gantry demo", "200 purchases, about a minute; the first run installs from npm"),
                new Example("gantry demo --purchases 5000", "more of them"),
                new Example("gantry demo --keep", "and then look around in the web page"),
            ],
        };
        foreach (var option in new Option[] { purchases, keep, hub, gateway, data })
        {
            verb.Add(option);
        }

        return verb.Runs((parsed, cancellation) => DemoRun.RunAsync(
            context,
            new DemoSettings
            {
                Hub = parsed.GetRequiredValue(hub),
                Gateway = parsed.GetRequiredValue(gateway),
                Data = parsed.GetRequiredValue(data),
                Purchases = parsed.GetValue(purchases),
                Keep = parsed.GetValue(keep),
            },
            cancellation));
    }
}
