namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// The variables by which a language's own runtime loads an agent, where no injector is. What a process already has is kept: options are appended,
/// search paths prepended; where a variable is taken by another agent, nothing is written.
/// </summary>
public static class LanguageVariables
{
    private const string Profiler = "{918728DD-259F-4A6A-AC2B-B85E1B658318}";

    private const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";

    /// <summary>Every variable that may be read out of a process, to keep what it has.</summary>
    public static IReadOnlyList<string> Kept { get; } = ["JAVA_TOOL_OPTIONS", "NODE_OPTIONS", "PYTHONPATH", "DOTNET_STARTUP_HOOKS", "CORECLR_PROFILER", "CORECLR_ENABLE_PROFILING", Attributes];

    /// <param name="agent">Path of the language's agent: a jar, a script, or the folder of its package.</param>
    /// <param name="libc">"glibc" or "musl".</param>
    /// <param name="architecture">"x64" or "arm64".</param>
    /// <param name="has">What the process was started with, of <see cref="Kept"/>.</param>
    /// <param name="problem">Why there are none; "" where there are.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> For(
        string language, string agent, string libc, string architecture, IReadOnlyDictionary<string, string> has, out string problem)
    {
        problem = agent.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or ';' or ':') ? $"the agent's path '{agent}' has a blank, quote, ';' or ':', which the runtime would split at; move it" : "";
        if (problem.Length > 0)
        {
            return [];
        }

        switch (language)
        {
            case "java":
                return [new("JAVA_TOOL_OPTIONS", Append(Value(has, "JAVA_TOOL_OPTIONS"), $"-javaagent:{agent}"))];
            case "nodejs":
                return [new("NODE_OPTIONS", Append(Value(has, "NODE_OPTIONS"), $"--require {agent}"))];
            case "python":
                return [new("PYTHONPATH", Prepend($"{agent}/{(libc == "musl" ? "musl" : "glibc")}", Value(has, "PYTHONPATH")))];
            case "dotnet":
                return DotNet(agent, libc, architecture, has, out problem);
            default:
                problem = $"{(language.Length == 0 ? "an unknown language" : language)} has no variable that loads an agent; java, nodejs, python and dotnet have";
                return [];
        }
    }

    /// <summary>A namespace beside the resource attributes that a process has; its own namespace stays.</summary>
    public static KeyValuePair<string, string> Namespace(string space, IReadOnlyDictionary<string, string> has)
    {
        var own = Value(has, Attributes);
        var added = $"service.namespace={Uri.EscapeDataString(space)}";
        return new(Attributes, own.Length == 0 ? added : own.Split(',').Any(pair => pair.Split('=')[0].Trim() == "service.namespace") ? own : $"{own},{added}");
    }

    /// <summary>A text by which a process that was started with these is told from one that was not.</summary>
    public static string Mark(string language, string agent) => language switch
    {
        "java" => $"-javaagent:{agent}",
        "nodejs" => $"--require {agent}",
        _ => agent,
    };

    private static IReadOnlyList<KeyValuePair<string, string>> DotNet(string agent, string libc, string architecture, IReadOnlyDictionary<string, string> has, out string problem)
    {
        // The package has a folder for each C library; a download of the project has none in between.
        var home = agent.EndsWith("/dotnet", StringComparison.Ordinal) ? $"{agent}/{(libc == "musl" ? "musl" : "glibc")}" : agent;
        var hook = $"{home}/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll";
        var hooks = Value(has, "DOTNET_STARTUP_HOOKS");
        if (Value(has, "CORECLR_PROFILER") is { Length: > 0 } profiler && !profiler.Equals(Profiler, StringComparison.OrdinalIgnoreCase))
        {
            problem = "CORECLR_PROFILER is set already: a runtime loads one profiler only; remove the other agent";
            return [];
        }

        problem = "";
        return
        [
            new("CORECLR_ENABLE_PROFILING", "1"),
            new("CORECLR_PROFILER", Profiler),
            new("CORECLR_PROFILER_PATH", $"{home}/linux-{(libc == "musl" ? "musl-" : "")}{architecture}/OpenTelemetry.AutoInstrumentation.Native.so"),
            new("DOTNET_ADDITIONAL_DEPS", $"{home}/AdditionalDeps"),
            new("DOTNET_SHARED_STORE", $"{home}/store"),
            new("DOTNET_STARTUP_HOOKS", hooks.Split(':').Contains(hook) ? hooks : Prepend(hook, hooks)),
            new("OTEL_DOTNET_AUTO_HOME", home),
        ];
    }

    private static string Value(IReadOnlyDictionary<string, string> has, string name) => has.TryGetValue(name, out var value) ? value : "";

    private static string Append(string has, string option) =>
        $" {has} ".Contains($" {option} ", StringComparison.Ordinal) ? has : has.Length == 0 ? option : $"{has} {option}";

    private static string Prepend(string path, string has) => has.Length == 0 ? path : has.Split(':').Contains(path) ? has : $"{path}:{has}";
}
