using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Demo.Gaps;
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
        var gaps = new Option<bool>("--gaps") { Description = "Plant three breaks in the shop's journey instead, have the hub name them, and close them" };
        var keepGaps = new Option<bool>("--keep-gaps") { Description = "With --gaps: close none, and leave the shop running until Ctrl-C" };
        var amqp = GapsOptions.Queue(context);
        var json = new Option<bool>("--json") { Description = "With --gaps: the result as JSON" };
        var hub = HubAddress.Option(context);
        var gateway = Address.Option(context, "--gateway", "The gateway's OTLP/HTTP address", "GANTRY_GATEWAY", DefaultGateway);
        var data = ServeOptions.Data(context);
        var verb = new Verb("demo", "Run a small shop, switch telemetry on from outside, and check the counts", context)
        {
            Details =
                "Needs Node.js and npm, and `gantry up` in another terminal. Four services without telemetry code start dark; the three Node.js ones\n" +
                "start again with OpenTelemetry's published auto-instrumentation, switched on by environment variables alone; then purchases are made.\n" +
                "Each service's access log says what was sent, the gateway's RED what was counted: exit code 0 when they are equal, 1 when not.\n\n" +
                "With --gaps the shop has a bank and a queue more, and loses its traces in three places: catalog reads another format of context,\n" +
                "payments is dark, and fulfilment does not continue what it takes from the queue. The journey 'purchase' has to name exactly these;\n" +
                "then each is closed as recommended: exit code 0 when each was gone within 30 s. That needs RabbitMQ: rabbitmq-server, of which\n" +
                "the demo starts a node of its own, or one that --amqp names.",
            Examples =
            [
                new Example("gantry demo", "200 purchases, about a minute; the first run installs from npm"),
                new Example("gantry demo --purchases 5000", "more of them"),
                new Example("gantry demo --keep", "and then look around in the web page"),
                new Example("gantry demo --gaps", "three breaks in a journey, named and closed; about two minutes"),
                new Example("gantry demo --gaps --keep-gaps", "three breaks to look at: `gantry journey describe purchase` in another terminal"),
            ],
        };
        foreach (var option in new Option[] { purchases, keep, gaps, keepGaps, amqp, json, hub, gateway, data })
        {
            verb.Add(option);
        }

        GapsOptions.Check(verb, gaps, [keepGaps, amqp, json], purchases);
        return verb.Runs((parsed, cancellation) => parsed.GetValue(gaps)
            ? GapsRun.RunAsync(
                context,
                new GapsSettings
                {
                    Hub = parsed.GetRequiredValue(hub),
                    Gateway = parsed.GetRequiredValue(gateway),
                    Data = parsed.GetRequiredValue(data),
                    Queue = parsed.GetValue(amqp),
                    Json = parsed.GetValue(json),
                    Keep = parsed.GetValue(keep),
                    KeepGaps = parsed.GetValue(keepGaps),
                },
                cancellation)
            : DemoRun.RunAsync(
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
