using Gantry.Estate.Methods;

namespace Gantry.Estate.Render;

/// <summary>The agent of a language, as an image that others publish: what to copy out of it, where to, and which variables then load it.</summary>
/// <param name="Folder">Where the program finds it.</param>
/// <param name="From">What is copied out of the image, for each C library; a folder ends in "/.".</param>
public sealed record LanguageAgent(string Language, string Image, string Folder, string From, string FromMusl)
{
    private const string Images = "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-";

    /// <summary>The agents that come as images: those of the OpenTelemetry Operator, with the versions that it pins.</summary>
    public static IReadOnlyList<LanguageAgent> All { get; } =
    [
        new("java", Images + "java:2.30.0", "/otel-auto-instrumentation-java", "/javaagent.jar", "/javaagent.jar"),
        new("nodejs", Images + "nodejs:0.78.0", "/otel-auto-instrumentation-nodejs", "/autoinstrumentation/.", "/autoinstrumentation/."),
        new("python", Images + "python:0.64b0", "/otel-auto-instrumentation-python", "/autoinstrumentation/.", "/autoinstrumentation-musl/."),
        new("dotnet", Images + "dotnet:1.16.0", "/otel-auto-instrumentation-dotnet", "/autoinstrumentation/.", "/autoinstrumentation/."),
    ];

    /// <returns>Null: its agent comes in no image, or it has none.</returns>
    public static LanguageAgent? Of(MethodLanguage language) => All.FirstOrDefault(agent => agent.Language == language.Id);

    internal string FromFor(string libc) => libc == "musl" ? FromMusl : From;

    /// <summary>A folder's contents go into the folder, a file keeps its name.</summary>
    internal string To => From.EndsWith("/.", StringComparison.Ordinal) ? Folder : Folder + From;

    /// <summary>Whether its files differ with the C library.</summary>
    internal bool MindsLibc => Language is "python" or "dotnet";

    internal IReadOnlyList<AgentVariable> Variables(string libc, string architecture) => Language switch
    {
        "java" => [new AgentVariable("JAVA_TOOL_OPTIONS", "", $"-javaagent:{To}", " ", ["-javaagent:"])],
        "nodejs" => [new AgentVariable("NODE_OPTIONS", "", $"--require {Folder}/autoinstrumentation.js", " ", ["dd-trace", "newrelic", "elastic-apm", "appdynamics", "@instana", "opentelemetry", "autoinstrumentation"])],
        // The program's own packages stand before the agent's, so that those are taken where both have one.
        "python" => [new AgentVariable("PYTHONPATH", $"{Folder}/opentelemetry/instrumentation/auto_instrumentation", Folder, ":", ["ddtrace", "newrelic", "auto_instrumentation"])],
        _ =>
        [
            AgentVariable.Only("CORECLR_ENABLE_PROFILING", "1"),
            AgentVariable.Only("CORECLR_PROFILER", "{918728DD-259F-4A6A-AC2B-B85E1B658318}"),
            AgentVariable.Only("CORECLR_PROFILER_PATH", $"{Folder}/linux-{(libc == "musl" ? "musl-" : "")}{architecture}/OpenTelemetry.AutoInstrumentation.Native.so"),
            AgentVariable.Only("DOTNET_STARTUP_HOOKS", $"{Folder}/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll"),
            AgentVariable.Only("OTEL_DOTNET_AUTO_HOME", Folder),
        ],
    };
}
