using Gantry.Cli.Api;
using Gantry.Cli.Serve;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Demo;

/// <summary>One run of <c>gantry demo</c>, from the check of its tools to the last stopped process.</summary>
internal sealed class DemoRun
{
    private const int DarkPurchases = 20;

    private static readonly TimeSpan DarkPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AttachPatience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan CountPatience = TimeSpan.FromSeconds(30);

    /// <summary>Longer than the gateway's report interval: a count that is too high shows itself, too.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly CliContext _context;
    private readonly DemoSettings _settings;
    private readonly Shop _shop;
    private readonly ShopView _view;
    private readonly Load _load;
    private Dictionary<ServicePlan, ServiceRow?> _before = [];
    private Dictionary<ServicePlan, ulong> _counted = [];
    private Attachment? _attachment;

    private DemoRun(CliContext context, DemoSettings settings, Shop shop, ShopView view, Load load)
    {
        _context = context;
        _settings = settings;
        _shop = shop;
        _view = view;
        _load = load;
    }

    public static async Task<int> RunAsync(CliContext context, DemoSettings settings, CancellationToken cancellation)
    {
        await Prerequisites.CheckAsync(cancellation);
        using var hub = new HubClient(context, settings.Hub);
        await hub.GetAsync<Summary>("summary", cancellation);
        await Prerequisites.CheckGatewayAsync(settings.Gateway, cancellation);
        // One demo at a time: two would count each other's requests.
        using var folder = DataFolder.Hold(Path.Combine(settings.Data, "demo"));
        folder.Sign("gantry demo");
        var telemetry = await NodeTelemetry.InstallAsync(context, folder.Path, cancellation);
        var logs = Directory.CreateDirectory(Path.Combine(folder.Path, "logs")).FullName;
        await using var shop = new Shop(ShopPlans.Plain(), logs, context.Time);
        using var load = new Load(shop.Purchases, context.Time);
        var run = new DemoRun(context, settings, shop, new ShopView(hub, context.Time), load);
        try
        {
            await run.DarkAsync(cancellation);
            await run.SwitchOnAsync(telemetry, cancellation);
            await run.AttachAsync(hub, cancellation);
            await run.PurchaseAsync(cancellation);
            var code = await run.CompareAsync(logs, cancellation);
            if (settings.Keep)
            {
                await run.KeepAsync(cancellation);
            }

            return code;
        }
        finally
        {
            await (run._attachment?.RemoveAsync() ?? Task.CompletedTask);
        }
    }

    /// <summary>1. The shop as it is: no telemetry.</summary>
    private async Task DarkAsync(CancellationToken cancellation)
    {
        Say($"Starting the shop, without telemetry: {string.Join(", ", _shop.Plans.Select(plan => $"{plan.Name} on {plan.Port}"))}");
        await _shop.StartAsync(_ => true, _ => [], cancellation);
        await _load.DriveAsync(DarkPurchases, cancellation);
        Say($"{DarkPurchases} purchases were made. What does the hub see? (The agent looks every 10 s.)");
        var rows = await _view.WaitAsync(
            DarkPatience, rows => _shop.Running.All(service => ShopView.OfProcess(rows, service) is { Dark: true, Language.Length: > 0 }), cancellation);
        _before = _shop.Running.ToDictionary(service => service.Plan, service => ShopView.OfProcess(rows, service));
        DemoTables.WriteDark(_context.Terminal.Error, Tallies(rows));
        foreach (var plan in _shop.Plans.Where(plan => _before[plan] is not { Dark: true }))
        {
            Say($"  {plan.Name} was not seen as dark within {DarkPatience.TotalSeconds:0} s: an agent on this machine has to look, `gantry up` has one.");
        }
    }

    /// <summary>2. The same code again, with an environment that an operator sets.</summary>
    private async Task SwitchOnAsync(string telemetry, CancellationToken cancellation)
    {
        // Counts are cumulative: an earlier demo's requests are in them.
        var rows = await _view.ReadAsync(cancellation);
        _counted = _shop.Plans.ToDictionary(plan => plan, plan => ShopView.OfTelemetry(rows, plan)?.Requests ?? 0);
        var nodes = string.Join(", ", _shop.Plans.Where(plan => plan.IsNode).Select(plan => plan.Name));
        Say($"Restarting {nodes}: the same code, with these variables in their environment:");
        foreach (var (name, value) in NodeTelemetry.Variables(telemetry, "<name>", _settings.Gateway))
        {
            _context.Terminal.NoteDim($"  {name}={value}");
        }

        await _shop.StartAsync(plan => plan.IsNode, plan => NodeTelemetry.Variables(telemetry, plan.Name, _settings.Gateway), cancellation);
    }

    /// <summary>3. The .NET service goes on running: its runtime has telemetry built in, and only a listener is missing.</summary>
    private async Task AttachAsync(HubClient hub, CancellationToken cancellation)
    {
        foreach (var service in _shop.Running.Where(service => !service.Plan.IsNode))
        {
            Say($"Attaching to {service.Plan.Name} while it runs (pid {service.Pid}), by declaring:");
            _attachment = new Attachment(hub, service, _context.Time);
            foreach (var line in _attachment.Document.TrimEnd().Split('\n'))
            {
                _context.Terminal.NoteDim($"  {line}");
            }

            await _attachment.ApplyAsync([], cancellation);
            var state = await _attachment.WaitAsync(AttachPatience, cancellation);
            Say(state.IsIn ? $"  {service.Plan.Name} is {state.Word}: {state.Why}" : $"  {service.Plan.Name} is still {state.Word} after {AttachPatience.TotalSeconds:0} s: {state.Why}");
        }

        // Every access log begins with the purchases that are counted.
        foreach (var service in _shop.Running)
        {
            service.Log.Restart();
        }
    }

    /// <summary>4. The load that is counted.</summary>
    private async Task PurchaseAsync(CancellationToken cancellation)
    {
        Say($"Making {_settings.Purchases} purchases …");
        var statuses = await _load.DriveAsync(_settings.Purchases, cancellation);
        Say($"  {string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} {Meaning(status.Key)}"))}");
    }

    /// <summary>5. What was sent beside what was counted.</summary>
    private async Task<int> CompareAsync(string logs, CancellationToken cancellation)
    {
        Say("Waiting for the counts …");
        var rows = await _view.WaitAsync(CountPatience, rows => Tallies(rows).All(tally => tally.IsDone), cancellation);
        if (Tallies(rows).All(tally => tally.IsDone))
        {
            await Task.Delay(Settling, _context.Time, cancellation);
            rows = await _view.ReadAsync(cancellation);
        }

        var tallies = Tallies(rows);
        Say("");
        DemoTables.WriteResult(_context.Terminal.Out, tallies);
        await _context.Terminal.Out.FlushAsync(cancellation);
        Say("");
        Say($"The access logs to count again: {logs}");
        Say($"Look around: {_settings.Hub}services{(_settings.Keep ? "" : "   (the shop closes now; `gantry demo --keep` leaves it open)")}");
        var complaints = tallies.Select(tally => tally.Complaint()).Where(complaint => complaint.Length > 0).ToList();
        if (complaints.Count == 0)
        {
            return ExitCodes.Ok;
        }

        _context.Terminal.Fail($"not as it should be after {CountPatience.TotalSeconds:0} s: {string.Join("; ", complaints)}");
        return ExitCodes.Error;
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        Say("The shop stays open, with two purchases a second, until Ctrl-C.");
        try
        {
            await _load.TrickleAsync(perSecond: 2, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Say("Closing the shop.");
        }
    }

    private List<Tally> Tallies(List<ServiceRow> rows) => _shop.Running.Select(service =>
    {
        var plan = service.Plan;
        var after = ShopView.OfTelemetry(rows, plan) ?? ShopView.OfProcess(rows, service);
        var (total, earlier) = (ShopView.OfTelemetry(rows, plan)?.Requests ?? 0, _counted.GetValueOrDefault(plan));
        // A hub that began anew meanwhile counts from 0.
        return new Tally(plan, _before.GetValueOrDefault(plan), after, service.Log.Requests, total - Math.Min(total, earlier), service.IsUntouched);
    }).ToList();

    private void Say(string text) => _context.Terminal.Note(text);

    private static string Meaning(int status) => status switch
    {
        201 => "went through",
        409 => "sold out (409)",
        502 => "failed (502)",
        0 => "had no answer",
        _ => $"ended with {status}",
    };
}
