using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Serve;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>One run of <c>gantry demo --gaps</c>: three breaks are planted, named by the hub, and closed one after the other.</summary>
internal sealed class GapsRun : IAsyncDisposable
{
    private const double PurchasesPerSecond = 4;

    private static readonly TimeSpan NamedPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan JourneyPatience = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a trace waits for its spans: a break more, or less, shows itself.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    /// <summary>Several looks of the hub.</summary>
    private static readonly TimeSpan SteadilyGone = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly CliContext _context;
    private readonly GapsSettings _settings;
    private readonly HubClient _hub;
    private readonly Shop _shop;
    private readonly string _telemetry;
    private readonly JourneyWatch _watch;
    private readonly List<Func<Task>> _undo = [];

    private GapsRun(CliContext context, GapsSettings settings, HubClient hub, Shop shop, string telemetry)
    {
        _context = context;
        _settings = settings;
        _hub = hub;
        _shop = shop;
        _telemetry = telemetry;
        _watch = new JourneyWatch(hub, DemoJourney.Name, context.Time);
    }

    public static async Task<int> RunAsync(CliContext context, GapsSettings settings, CancellationToken cancellation)
    {
        await Prerequisites.CheckAsync(cancellation);
        using var hub = new HubClient(context, settings.Hub);
        await hub.GetAsync<Summary>("summary", cancellation);
        // Before anything is installed or started: a journey of this name may be somebody's own.
        await JourneyOf(context, hub).CheckAsync(cancellation);
        await Prerequisites.CheckGatewayAsync(settings.Gateway, cancellation);
        // One demo at a time: two would count each other's requests.
        using var folder = DataFolder.Hold(Path.Combine(settings.Data, "demo"));
        folder.Sign("gantry demo --gaps");
        var telemetry = await NodeTelemetry.InstallAsync(context, folder.Path, cancellation);
        var modules = await NpmFolder.InstallAsync(context, "shop", Path.Combine(folder.Path, "shop-modules"), "amqplib", cancellation);
        await using var node = settings.Queue is null ? await StartNodeAsync(context, folder.Path, cancellation) : null;
        var queue = settings.Queue ?? node!.Address;
        var logs = Directory.CreateDirectory(Path.Combine(folder.Path, "logs")).FullName;
        await using var shop = new Shop(ShopPlans.WithQueue(queue, Path.Combine(modules, "node_modules")), logs, context.Time);
        await using var run = new GapsRun(context, settings, hub, shop, telemetry);
        return await run.RunAsync(cancellation);
    }

    /// <summary>Takes back what was declared.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var undo in _undo)
        {
            await undo();
        }
    }

    private async Task<int> RunAsync(CancellationToken cancellation)
    {
        await PlantAsync(cancellation);
        using var load = new Load(_shop.Purchases, _context.Time);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var customers = load.TrickleAsync(PurchasesPerSecond, closing.Token);
        try
        {
            var before = await NameAsync(cancellation);
            if (_settings.KeepGaps)
            {
                await KeepAsync("The shop stays open, with its gaps, until Ctrl-C.", cancellation);
                return IsAsPlanted(before) ? ExitCodes.Ok : ExitCodes.Error;
            }

            var result = await CloseAsync(before, cancellation);
            await WriteAsync(result, cancellation);
            if (_settings.Keep)
            {
                await KeepAsync("The shop stays open, without gaps, until Ctrl-C.", cancellation);
            }

            return Judge(result);
        }
        finally
        {
            await closing.CancelAsync();
            await customers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>1. The shop, with telemetry by environment alone, and three things wrong with it.</summary>
    private async Task PlantAsync(CancellationToken cancellation)
    {
        Say($"Starting the shop: {string.Join(", ", _shop.Plans.Select(plan => $"{plan.Name} on {plan.Port}"))}; with three gaps:");
        foreach (var gap in PlantedGap.All)
        {
            Say($"  {gap.Service,-10}  {gap.How}");
        }

        await _shop.StartAsync(_ => true, plan => Telemetry(plan, PlantedGap.Deaf), cancellation);
        Say($"Declaring the journey {DemoJourney.Name}:");
        Quote(DemoJourney.Document);
        await JourneyOf(_context, _hub).ApplyAsync(_undo, cancellation);
        await _watch.WaitUntilKnownAsync(JourneyPatience, cancellation);
    }

    /// <summary>2. The hub has to find them, from traces.</summary>
    private async Task<JourneyRow> NameAsync(CancellationToken cancellation)
    {
        Say($"{PurchasesPerSecond:0} purchases a second. Which links lose the trace?");
        var took = await _watch.WaitAsync(NamedPatience, Steady, IsAsPlanted, cancellation);
        var row = await _watch.ReadAsync(cancellation);
        Say($"{(took is { } time ? $"After {time.TotalSeconds:0} s" : $"After {NamedPatience.TotalSeconds:0} s still")} `gantry journey describe {DemoJourney.Name}` names {row.Breaks.Count}:");
        foreach (var line in row.Breaks.SelectMany(GapsTable.Describe))
        {
            Say(line);
        }

        return row;
    }

    /// <summary>3. One after the other, in the hub's order.</summary>
    private async Task<GapsResult> CloseAsync(JourneyRow before, CancellationToken cancellation)
    {
        var results = new List<GapResult>();
        foreach (var gap in PlantedGap.All.OrderBy(gap => Place(before, gap)))
        {
            var named = before.Breaks.FirstOrDefault(gap.Is);
            var fixedBy = await FixAsync(gap, named, cancellation);
            var took = await _watch.WaitAsync(GoneLimit * 2, SteadilyGone, gap.IsClosed, cancellation);
            Say(took is { } time ? $"  gone after {time.TotalSeconds:F1} s" : $"  still named after {(GoneLimit * 2).TotalSeconds:0} s");
            results.Add(new GapResult(
                gap.From, gap.Service, gap.Queue, gap.Code, named, fixedBy, took is { } seconds ? Math.Round(seconds.TotalSeconds, 1) : null, GoneLimit.TotalSeconds));
        }

        // What comes back, or turns up behind, is no success.
        await Task.Delay(Steady, _context.Time, cancellation);
        var after = await _watch.ReadAsync(cancellation);
        return new GapsResult(
            DemoJourney.Name, results, [.. before.Breaks.Where(row => !PlantedGap.All.Any(gap => gap.Is(row)))], after.Breaks, after.State);
    }

    /// <returns>What was done, when it is in place; "" when the hub advised nothing that could be.</returns>
    private async Task<string> FixAsync(PlantedGap gap, BreakRow? named, CancellationToken cancellation)
    {
        var plan = _shop.Plans.Single(plan => plan.Name == gap.Service);
        if (plan.IsNode)
        {
            if (PlantedGap.Advised(named) is not { } setting)
            {
                Say($"{gap}: the hub advises no setting; {gap.Service} stays as it is");
                return "";
            }

            Say($"{gap}: restarting {gap.Service} with {setting.Key}={setting.Value}");
            await _shop.StartAsync(other => other == plan, other => Telemetry(other, setting), cancellation);
            return $"{setting.Key}={setting.Value}";
        }

        var service = _shop.Running.Single(service => service.Plan == plan);
        Say($"{gap}: attaching to {gap.Service} while it runs (pid {service.Pid}), by declaring:");
        var attachment = new Attachment(_hub, service, _context.Time);
        Quote(attachment.Document);
        await attachment.ApplyAsync(_undo, cancellation);
        return "dotnet-attach";
    }

    private async Task WriteAsync(GapsResult result, CancellationToken cancellation)
    {
        Say("");
        if (_settings.Json)
        {
            JsonText.Write(_context.Terminal.Out, JsonSerializer.SerializeToElement(result, Web));
        }
        else
        {
            GapsTable.Write(_context.Terminal.Out, result);
        }

        await _context.Terminal.Out.FlushAsync(cancellation);
        Say("");
    }

    private int Judge(GapsResult result)
    {
        if (result.Ok)
        {
            return ExitCodes.Ok;
        }

        var complaints = result.Gaps.Where(gap => gap.Break is null).Select(gap => $"{gap.Service} was not named as {gap.Code}")
            .Concat(result.Gaps.Where(gap => gap.Break is not null && !gap.Ok).Select(gap => $"{gap.Service} was not gone within {gap.LimitSeconds:0} s"))
            .Concat(result.Unexpected.Select(row => $"{GapsTable.Ends(row)} was named ({row.Code}) and not planted"))
            .Concat(result.Left.Select(row => $"{GapsTable.Ends(row)} is still named ({row.Code})"));
        _context.Terminal.Fail($"not as it should be: {string.Join("; ", complaints)}");
        return ExitCodes.Error;
    }

    private async Task KeepAsync(string what, CancellationToken cancellation)
    {
        Say($"{what} Look around: {_settings.Hub}journeys/{DemoJourney.Name}");
        await Task.Delay(Timeout.InfiniteTimeSpan, _context.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Say("Closing the shop.");
    }

    /// <summary>Of the healthy ones as an operator sets it; the planted ones have one variable more.</summary>
    private IEnumerable<KeyValuePair<string, string>> Telemetry(ServicePlan plan, KeyValuePair<string, string> propagators) =>
        !plan.IsNode ? []
            : PlantedGap.All.Any(gap => gap.Service == plan.Name) ? NodeTelemetry.Variables(_telemetry, plan.Name, _settings.Gateway).Append(propagators)
            : NodeTelemetry.Variables(_telemetry, plan.Name, _settings.Gateway);

    private static bool IsAsPlanted(JourneyRow row) => row.Breaks.Count == PlantedGap.All.Count && PlantedGap.All.All(gap => row.Breaks.Any(gap.Is));

    private static int Place(JourneyRow row, PlantedGap gap)
    {
        var place = row.Breaks.ToList().FindIndex(found => gap.Is(found));
        return place >= 0 ? place : int.MaxValue;
    }

    private static async Task<RabbitNode> StartNodeAsync(CliContext context, string folder, CancellationToken cancellation)
    {
        context.Terminal.Note("Starting a RabbitMQ node of the demo's own (some 10 s) …");
        return await RabbitNode.StartAsync(Path.Combine(folder, "rabbitmq"), context.Time, cancellation);
    }

    internal static DemoResource JourneyOf(CliContext context, HubClient hub) => new(hub, "journeys", DemoJourney.Name, DemoJourney.Document, context.Time);

    private void Quote(string document)
    {
        foreach (var line in document.TrimEnd().Split('\n'))
        {
            _context.Terminal.NoteDim($"  {line}");
        }
    }

    private void Say(string text) => _context.Terminal.Note(text);
}
