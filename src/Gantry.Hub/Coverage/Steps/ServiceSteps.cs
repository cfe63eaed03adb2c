using Gantry.Estate.Ladder;
using Gantry.Estate.Methods;
using Gantry.Hub.Ui;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>The one step of a service, from where it stands: what it lacks next, and by which method it gets it.</summary>
/// <param name="otlpHttp">Where services are to send.</param>
internal sealed class ServiceSteps(string otlpHttp)
{
    /// <summary>service.name of Gantry's own telemetry: it is not what people came for.</summary>
    public const string Self = "gantry";

    /// <summary>Of each service that has one.</summary>
    public Dictionary<string, StepRow> ById(IEnumerable<ServiceRow> services)
    {
        var steps = new Dictionary<string, StepRow>();
        foreach (var service in services)
        {
            if (For(service) is { } step)
            {
                steps.TryAdd(service.Id, step);
            }
        }

        return steps;
    }

    /// <returns>Null when it stands on rung 3 or above, or when what was asked for is on its way.</returns>
    public StepRow? For(ServiceRow service)
    {
        if (service.Name == Self)
        {
            return null;
        }

        if (service.IsUnseen)
        {
            return Row(
                service, (int)Rung.Infrastructure, $"Find where {service.Name} runs",
                "It is declared, and neither telemetry nor a process of any of its names was seen within a day: it runs where no agent looks, or it has a name that its document lacks.", "gantry get processes")
                with { MayBeGone = true };
        }

        if (service.Stale)
        {
            var lost = service.Evidence.Where(item => item.State == "stale" && item.Rung > service.Rung).Select(item => item.Rung).DefaultIfEmpty((int)Rung.Baseline).Min();
            return Row(service, lost, $"Find out why {service.Name} fell silent", "Its evidence is older than five minutes, so it no longer counts.", Commands.About("gantry get services", service.Name, "-o wide", service.Id));
        }

        if (service.Dark)
        {
            return Dark(service);
        }

        if (service.Name.StartsWith("unknown_service", StringComparison.Ordinal))
        {
            return Row(service, (int)Rung.Baseline, "Give a service its name", "It sends telemetry without one, so that it cannot be told from others: set OTEL_SERVICE_NAME where it is started.", "OTEL_SERVICE_NAME=...")
                with { Cost = new StepCost("process", "", false) };
        }

        return (Rung)service.Rung switch
        {
            Rung.Dark or Rung.Infrastructure => By(
                service, $"Get rate, errors and duration of {service.Name}", "It sends telemetry, but neither request metrics nor unsampled SERVER or CONSUMER spans."),
            // No method is offered: what sends is in it already, and the links say where the context is lost.
            Rung.Baseline => Row(
                service, (int)Rung.Transactions, $"Join {service.Name} with its callers",
                "Its requests are counted, but no trace joins it with another service: callers and callees must send spans and pass traceparent on.", Commands.About("gantry get edges", service.Name, "", service.Id))
                with { Cost = StepCost.Unknown },
            _ => null,
        };
    }

    private StepRow? Dark(ServiceRow service)
    {
        if (service.Processes.FirstOrDefault(process => process.State is "restart pending") is { } waiting)
        {
            return Row(service, (int)Rung.Baseline, $"Restart {service.Name}", $"It is instrumented by {waiting.Method} from its next start on; this process began before.",
                waiting.Unit.EndsWith(".service", StringComparison.Ordinal) ? Commands.About("systemctl restart", waiting.Unit) : "")
                with { Method = waiting.Method, Cost = new StepCost("process", "", false), Href = Links.Process(waiting.Id) };
        }

        // Somebody has asked for it, and it is under way: a second step would ask again.
        return service.Processes.Any(process => process.State is "configured" or "loaded") ? null : By(service, $"Bring {service.Name} out of the dark", $"It listens{Where(service)} and sends nothing.");
    }

    private StepRow By(ServiceRow service, string title, string fact)
    {
        var method = ServiceMethod.Of(service);
        var row = Row(service, (int)Rung.Baseline, title, $"{fact} {How(method)}", StepSettings.Of(service, method, otlpHttp));
        return method.Choice is not { } choice ? row with { IsTakeable = false, Command = "", Cost = StepCost.Unknown } : row with
        {
            Method = choice.Method.Id,
            Cost = CostOf(choice.Cost),
            Plan = method.ByAgent && method.Process!.Id.Length > 0 ? Links.InstrumentationFor(method.Process.Id) : "",
        };
    }

    private static string How(ServiceMethod method) => method switch
    {
        { Choice: null } => $"No method is known that could change that. {method.Refusal}".TrimEnd(),
        { ByAgent: true, Choice.Cost.Restart: MethodRestart.None } => $"{method.Choice.Method.Title}: Gantry's agent on {method.Process!.HostName} does it while it runs, without a restart or a code change.",
        { ByAgent: true } => $"{method.Choice.Method.Title}: Gantry's agent on {method.Process!.HostName} prepares it, and it acts from the next start on, without a code change.",
        _ => $"{method.Choice.Method.Title}: {method.Choice.Method.Because}.",
    };

    public static StepCost CostOf(MethodCost cost) => new(cost.Restart.ToString().ToLowerInvariant(), cost.Privilege, cost.Image);

    private static string Where(ServiceRow service) => service.Processes.Count == 0 || service.Processes[0].Listening.Count == 0 ? "" : $" on {string.Join(", ", service.Processes[0].Listening.Take(3))}";

    private static StepRow Row(ServiceRow service, int rung, string title, string why, string command) =>
        new(0, $"service:{service.Id}", title, why, rung, "service", service.Id, service.Name, "", new StepGain(1, null, []), StepCost.Nothing, command, Links.Service(service.Id), "")
        {
            Owner = service.Owner,
            Criticality = service.Criticality,
            IsRecognised = service.Language.Length > 0,
        };
}
