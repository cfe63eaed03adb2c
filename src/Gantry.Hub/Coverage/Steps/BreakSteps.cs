using Gantry.Estate.Ladder;
using Gantry.Estate.Methods;
using Gantry.Hub.Journeys;
using Gantry.Hub.Ui;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>Breaks as steps. Links that break for one cause are one step: a service that nobody's context reaches is put right once, whoever calls it.</summary>
internal static class BreakSteps
{
    /// <summary>Breaks by cause, with the service that has to change.</summary>
    public static IEnumerable<IGrouping<string, BreakRow>> ByCause(IEnumerable<BreakRow> breaks) => breaks.GroupBy(CauseOf);

    /// <summary>The end that has to change: the one that does not send, does not go on, or is not there.</summary>
    public static HopEnd Culprit(BreakRow row) => row.Code is "context-not-sent" or "queue-loses-context" ? row.From : row.To;

    /// <summary>What goes away by itself once the service is seen: it is not there, or not seen there.</summary>
    public static bool IsOfSilence(BreakRow row) => row.Code is "hop-dark" or "hop-unseen" or "spans-missing";

    /// <param name="journeys">By break: the name of the first journey that has it.</param>
    public static StepRow Of(IReadOnlyList<BreakRow> cause, IReadOnlyDictionary<string, string> journeys, IReadOnlyDictionary<string, ServiceRow> services)
    {
        var row = cause[0];
        var service = Culprit(row).ServiceId is { } id ? services.GetValueOrDefault(id) : null;
        var method = row.Method.Length > 0 ? MethodCatalogue.Find(row.Method) : null;
        var platform = service?.Processes.Any(process => process.PodUid.Length > 0) == true ? MethodPlatforms.Kubernetes : MethodPlatforms.Vm;
        var isTakeable = row.Fix.Length > 0 || row.Command.Length > 0;
        return new StepRow(
            0, CauseOf(row), TitleOf(row), Sentence($"{row.Title}. {row.Cause} {(isTakeable ? row.Fix : "No way to mend it is known.")}"), (int)Rung.Transactions, "link", service?.Id ?? "", $"{row.From.Name} → {row.To.Name}", row.Method,
            new StepGain(Math.Max(1, cause.SelectMany(item => item.Also).Distinct().Count() + 1), cause.Sum(item => (double)item.Requests), [.. cause.Select(item => item.Id)]),
            method is null ? StepCost.Unknown : ServiceSteps.CostOf(method.CostOn(MethodPlatforms.Find(platform)!)),
            row.Command, HrefOf(row, journeys, service), PlanOf(row, service))
        {
            Owner = service?.Owner ?? "",
            Criticality = service?.Criticality ?? "",
            IsTakeable = isTakeable,
            IsRecognised = true,
        };
    }

    private static string CauseOf(BreakRow row) => row.Code switch
    {
        // The command is part of it: one caller may lose the context in two libraries.
        "context-not-sent" => $"{row.Code}:{row.From.Id}:{row.Method}:{row.Command}",
        "queue-loses-context" => $"{row.Code}:{row.From.Id}:{row.Queue}",
        _ => $"{row.Code}:{row.To.Id}",
    };

    private static string TitleOf(BreakRow row) => row.Code switch
    {
        "hop-dark" => $"Bring {row.To.Name} out of the dark",
        "context-not-sent" => $"Make {row.From.Name} send the trace context on",
        "context-not-continued" => $"Make {row.To.Name} continue its callers' traces",
        "queue-loses-context" => $"Carry the trace context through the queue {(row.Queue.Length > 0 ? row.Queue : row.To.Name)}",
        "spans-missing" => $"Get the missing spans of {row.To.Name}",
        "hop-unseen" => $"Find out why no request reaches {row.To.Name}",
        _ => $"Mend the link from {row.From.Name} to {row.To.Name}",
    };

    private static string HrefOf(BreakRow row, IReadOnlyDictionary<string, string> journeys, ServiceRow? service) =>
        journeys.TryGetValue(row.Id, out var journey) ? Links.JourneyBreak(journey, row.Id)
        : service is not null ? Links.Service(service.Id) : Links.Services;

    private static string PlanOf(BreakRow row, ServiceRow? service) =>
        row.Method.Length > 0 && AgentMethods.All.Contains(row.Method) && service?.Processes.FirstOrDefault(process => process.Id.Length > 0) is { } process ? Links.InstrumentationFor(process.Id) : "";

    private static string Sentence(string text) => text.Replace("..", ".", StringComparison.Ordinal).Trim();
}
