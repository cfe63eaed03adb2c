using Gantry.Estate.Ladder;
using Gantry.Estate.Methods;
using Gantry.Hub.Instrument;

namespace Gantry.Hub.Coverage;

/// <summary>What to do next, for one service and for the whole estate: infrastructure before baseline before transactions before custom.</summary>
/// <param name="otlpHttp">Where services are to send: the door of the gateway that reported last.</param>
internal sealed class NextSteps(string otlpHttp)
{
    public Step? For(ServiceRow service)
    {
        var href = $"/services/{service.Id}";
        if (service.IsUnseen)
        {
            return new Step(
                $"Find where {service.Name} runs",
                "It is declared, and neither telemetry nor a process of any of its names was seen within a day: it runs where no agent looks, or it has a name that its document lacks.",
                "gantry get processes", href);
        }

        if (service.Dark)
        {
            return Attach(service, href) ?? new Step($"Bring {service.Name} out of the dark", DarkWhy(service), DarkCommand(service), href);
        }

        if (service.Stale)
        {
            return new Step($"Find out why {service.Name} fell silent", "Its evidence is older than five minutes, so it no longer counts.", "", href);
        }

        if (service.Name.StartsWith("unknown_service", StringComparison.Ordinal))
        {
            return new Step("Give a service its name", "It sends telemetry without one, so that it cannot be told from others: set OTEL_SERVICE_NAME where it is started.", "OTEL_SERVICE_NAME=...", href);
        }

        return (Rung)service.Rung switch
        {
            Rung.Dark or Rung.Infrastructure => new Step(
                $"Get rate, errors and duration of {service.Name}",
                "It sends telemetry, but neither request metrics nor unsampled SERVER or CONSUMER spans.",
                Setting(service), href),
            Rung.Baseline => new Step(
                $"Join {service.Name} with its callers",
                "Its requests are counted, but no trace joins it with another service: callers and callees must send spans and pass traceparent on.",
                "", href),
            _ => null,
        };
    }

    /// <summary>The one next step of the estate.</summary>
    public static Step For(IReadOnlyList<HostRow> hosts, IReadOnlyList<ServiceRow> services)
    {
        if (hosts.Count == 0)
        {
            return new Step("See the first host", "No host has sent metrics yet. The agent measures one without touching what runs on it.", "gantry up", "/hosts");
        }

        if (hosts.FirstOrDefault(host => host.Rung < (int)Rung.Infrastructure) is { } dark)
        {
            var lacking = string.Join(", ", dark.Evidence.Where(item => item.State != "fresh").Select(item => item.Title.ToLowerInvariant()));
            return new Step($"Bring host {dark.Name} to rung 1", $"Not seen within five minutes: {lacking}.", $"gantry get hosts {dark.Name} -o wide", $"/hosts/{dark.Id}");
        }

        // Something that a method exists for goes first: a step that cannot be taken is no step. Gantry itself is not what people came for.
        var others = services.Where(service => service.Name != Self).ToList();
        return others.Where(service => service.Next is not null)
            .OrderBy(service => service.Rung)
            .ThenByDescending(service => service.Dark && Methods.Contains(service.Language))
            .ThenByDescending(service => service.Language.Length > 0)
            .ThenBy(service => service.Name, StringComparer.Ordinal)
            .Select(service => service.Next)
            .FirstOrDefault()
            ?? (others.Count == 0
                ? new Step("Start something to look at", "Nothing else listens here and nothing else sends. The demo brings a shop of four services.", "gantry demo", "/services")
                : new Step("Add what only you know", "Every service stands on rung 3 or above. Business telemetry and profiles are next.", "", "/services"));
    }

    /// <summary>service.name of Gantry's own telemetry.</summary>
    private const string Self = "gantry";

    // Languages that have an automatic instrumentation which is switched on from outside.
    private static readonly HashSet<string> Methods = ["nodejs", "java", "python", "dotnet", "php", "ruby"];

    private static readonly string[] ScriptEndings = [".js", ".mjs", ".cjs", ".ts", ".dll", ".jar", ".py", ".php", ".rb"];

    /// <summary>What the agent on its host can do at once goes before everything that needs a restart.</summary>
    private static Step? Attach(ServiceRow service, string href)
    {
        var process = service.Processes.FirstOrDefault(process => process is { State: "detected" or "eligible", Method: AgentMethods.Attach });
        return process is null ? null : new Step(
            $"Bring {service.Name} out of the dark",
            $"It listens{Where(service)} and sends nothing. Its runtime has telemetry built in, and Gantry's agent on {process.HostName} can attach to it while it runs: no restart, no code change.",
            $"gantry instrument {process.Pid} --service {SuggestedInstrumentation.NameOf(process)} --apply",
            href);
    }

    private static string Where(ServiceRow service) => service.Processes.Count == 0 ? "" : $" on {string.Join(", ", service.Processes[0].Listening.Take(3))}";

    private static string DarkWhy(ServiceRow service)
    {
        if (service.LanguageRule.Contains("NativeAOT", StringComparison.Ordinal))
        {
            return "It is compiled ahead of time and sends nothing: no agent can be put into it; eBPF instrumentation (OBI) can see its requests.";
        }

        var where = Where(service);
        return service.Language switch
        {
            "" => $"It listens{where} and sends nothing. Its language was not recognised, so only eBPF instrumentation (OBI) can see its requests.",
            "go" or "rust" or "cpp" => $"It listens{where} and sends nothing. No agent can be put into a {service.Language} process; eBPF instrumentation (OBI) can see its requests.",
            _ => $"It listens{where} and sends nothing. {char.ToUpperInvariant(PackageOf(service.Language)[0])}{PackageOf(service.Language)[1..]} makes it send, without a code change; it takes a restart.",
        };
    }

    private string DarkCommand(ServiceRow service) => service.LanguageRule.Contains("NativeAOT", StringComparison.Ordinal) ? "" : Setting(service);

    /// <summary>What to put before, or around, the start of the service. Where a package has to be installed first, the path says where it would be.</summary>
    private string Setting(ServiceRow service)
    {
        var ending = Array.Find(ScriptEndings, ending => service.Name.EndsWith(ending, StringComparison.Ordinal)) ?? "";
        // It is pasted into a shell: nothing but letters, digits and what names are made of.
        var name = string.Concat(service.Name[..^ending.Length].Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-'));
        var common = $"OTEL_SERVICE_NAME={name} OTEL_EXPORTER_OTLP_ENDPOINT={otlpHttp} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
        return service.Language switch
        {
            // The default set of detectors asks cloud metadata addresses.
            "nodejs" => $"NODE_OPTIONS=\"--require @opentelemetry/auto-instrumentations-node/register\" {common} OTEL_NODE_RESOURCE_DETECTORS=env,host,os,process,serviceinstance",
            "java" => $"JAVA_TOOL_OPTIONS=-javaagent:/opt/opentelemetry-javaagent.jar {common}",
            "python" => $"{common} opentelemetry-instrument python ...",
            "dotnet" => $"{common} ~/.otel-dotnet-auto/instrument.sh dotnet ...",
            _ => "",
        };
    }

    /// <summary>Where the package of that language is described.</summary>
    private static string PackageOf(string language) => language switch
    {
        "nodejs" => "the npm package @opentelemetry/auto-instrumentations-node (opentelemetry.io/docs/zero-code/js)",
        "java" => "the OpenTelemetry Java agent (opentelemetry.io/docs/zero-code/java)",
        "python" => "the Python package opentelemetry-distro (opentelemetry.io/docs/zero-code/python)",
        "dotnet" => "OpenTelemetry .NET automatic instrumentation (opentelemetry.io/docs/zero-code/dotnet)",
        "php" => "the OpenTelemetry extension for PHP (opentelemetry.io/docs/zero-code/php)",
        _ => "OpenTelemetry's automatic instrumentation for it (opentelemetry.io/docs/zero-code)",
    };
}
