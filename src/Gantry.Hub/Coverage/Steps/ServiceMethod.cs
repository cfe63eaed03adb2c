using System.Collections.Concurrent;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>How a service is best brought up a rung: the method that its agent would take, else the catalogue's.</summary>
/// <param name="Choice">Null when nobody can.</param>
/// <param name="Process">The process that it would be put into; null when none is known.</param>
/// <param name="Refusal">Why nobody can, with what would change that; "" otherwise.</param>
internal sealed record ServiceMethod(MethodChoice? Choice, ProcessRow? Process, MethodPlatform Platform, string Refusal)
{
    /// <summary>It shows connections and no requests, so it brings nobody up a rung.</summary>
    private const string NoRequests = "socket-diagnostics";

    /// <summary>Its agent carries it out: one command declares it.</summary>
    public bool ByAgent => Process is not null && Choice is not null && AgentMethods.All.Contains(Choice.Method.Id);

    public static ServiceMethod Of(ServiceRow service)
    {
        // What its agent can do at once goes before what waits for a start, and that before what nothing can be put into.
        var process = service.Processes.OrderBy(static row => row.State switch { "eligible" => 0, "detected" => 1, "blocked" => 3, _ => 2 }).FirstOrDefault();
        var advice = process?.Advice?.Invoke() ?? Known(TraitsOf(service), MethodPlatforms.Find(process?.PodUid.Length > 0 ? MethodPlatforms.Kubernetes : MethodPlatforms.Vm)!);
        var chosen = process is { State: "eligible" or "detected", Method.Length: > 0 } ? All(advice).FirstOrDefault(choice => choice.Method.Id == process.Method) : null;
        var choice = chosen ?? (process is not { State: "blocked", Method.Length: 0 } ? Best(advice, process)
            // Of a language that nobody recognised nobody can say what to put into it.
            : advice.Traits.Language is null ? null : All(advice).FirstOrDefault(ByOthers));
        return new ServiceMethod(choice, process, advice.Platform, choice is not null ? "" : process is { State: "blocked", Message.Length: > 0 } ? process.Message : Refused(advice));
    }

    /// <summary>Without a process there are only as many answers as languages, versions and platforms; they are kept, and begun anew when somebody sends too many versions.</summary>
    private static MethodAdvice Known(ProcessTraits traits, MethodPlatform platform)
    {
        const int Most = 2_000;
        if (Advised.Count > Most)
        {
            Advised.Clear();
        }

        return Advised.GetOrAdd((traits.Language?.Id ?? "", traits.RuntimeVersion, platform.Id), _ => MethodCatalogue.Advise(traits, platform));
    }

    private static readonly ConcurrentDictionary<(string Language, string Version, string Platform), MethodAdvice> Advised = new();

    private static IEnumerable<MethodChoice> All(MethodAdvice advice) =>
        advice.Transactions.Applicable.Concat(advice.Baseline.Applicable).Concat(advice.Otherwise).Where(static choice => choice.Method.Id != NoRequests);

    /// <summary>As the agent chooses: traces before none, and of these what acts on the running process before what waits for its next start.</summary>
    private static MethodChoice? Best(MethodAdvice advice, ProcessRow? process) =>
        (process is null ? null : advice.Transactions.Applicable.Where(static choice => AgentMethods.All.Contains(choice.Method.Id)).OrderBy(static choice => choice.Cost.Restart).FirstOrDefault())
            ?? advice.Transactions.Recommended
            ?? All(advice).FirstOrDefault();

    /// <summary>The agent said that it cannot; what is left is done by others.</summary>
    private static bool ByOthers(MethodChoice choice) => !AgentMethods.All.Contains(choice.Method.Id) && !choice.Method.Requirements.Any(static needs => needs.Kind is RequirementKind.Agent or RequirementKind.Spans);

    private static string Refused(MethodAdvice advice) =>
        advice.Transactions.Refused.Concat(advice.Baseline.Refused).Select(static refusal => refusal.Message).FirstOrDefault() ?? string.Join(' ', advice.Limits);

    private static ProcessTraits TraitsOf(ServiceRow service) => new()
    {
        Language = MethodLanguages.Find(service.Language == "dotnet" && service.LanguageRule.Contains("NativeAOT", StringComparison.Ordinal) ? "dotnet-native" : service.Language),
        RuntimeVersion = service.RuntimeVersion,
    };
}
