using Gantry.Estate.Methods;
using Gantry.Hub.Ui;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>The one command or setting that takes a step about a service.</summary>
internal static class StepSettings
{
    private static readonly string[] ScriptEndings = [".js", ".mjs", ".cjs", ".ts", ".dll", ".jar", ".py", ".php", ".rb"];

    public static string Of(ServiceRow service, ServiceMethod method, string otlpHttp)
    {
        if (method.Choice is null)
        {
            return "";
        }

        if (method.ByAgent)
        {
            return Commands.About("gantry instrument", method.Process!.Id.Length > 0 ? method.Process.Id : $"{method.Process.Pid}", $"--service {NameOf(service)} --apply");
        }

        var language = MethodLanguages.Find(service.Language)?.Id;
        if (method.Platform.Id == MethodPlatforms.Kubernetes && language is not null && method.Choice.Method.Id is "operator" or "obi-daemonset")
        {
            return $"gantry render k8s --language {language} --service {NameOf(service)} --endpoint {Commands.Quote(otlpHttp)}";
        }

        return Environment(service, otlpHttp) is { Length: > 0 } setting ? setting : Commands.About("gantry method", service.Name, "", service.Id);
    }

    /// <summary>What to put before, or around, the start of the service. Where a package has to be installed first, the path says where it would be.</summary>
    private static string Environment(ServiceRow service, string otlpHttp)
    {
        var common = $"OTEL_SERVICE_NAME={NameOf(service)} OTEL_EXPORTER_OTLP_ENDPOINT={Commands.Quote(otlpHttp)} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
        return service.Language switch
        {
            // The default set of detectors asks cloud metadata addresses.
            "nodejs" => $"NODE_OPTIONS=\"--require @opentelemetry/auto-instrumentations-node/register\" {common} OTEL_NODE_RESOURCE_DETECTORS=env,host,os,process,serviceinstance",
            "java" => $"JAVA_TOOL_OPTIONS=-javaagent:/opt/opentelemetry-javaagent.jar {common}",
            "python" => $"{common} opentelemetry-instrument python ...",
            "dotnet" when !service.LanguageRule.Contains("NativeAOT", StringComparison.Ordinal) => $"{common} ~/.otel-dotnet-auto/instrument.sh dotnet ...",
            _ => "",
        };
    }

    /// <summary>It is pasted into a shell: nothing but letters, digits and what names are made of, and no '-' before them, which would make it an option.</summary>
    private static string NameOf(ServiceRow service)
    {
        var ending = Array.Find(ScriptEndings, ending => service.Name.EndsWith(ending, StringComparison.Ordinal)) ?? "";
        var name = string.Concat(service.Name[..^ending.Length].Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('-');
        return name.Length > 0 ? name : "service";
    }
}
