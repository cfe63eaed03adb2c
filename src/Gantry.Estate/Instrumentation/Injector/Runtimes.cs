namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>The languages that the injector has something for, and what its configuration calls them.</summary>
/// <param name="Language">As telemetry.sdk.language spells it.</param>
/// <param name="Word">In auto_instrumentation_disabled.</param>
/// <param name="PathKey">The key of its agent's path.</param>
/// <param name="PackagedPath">Where the language's package puts it.</param>
public sealed record InjectorRuntime(string Language, string Word, string PathKey, string PackagedPath)
{
    public static IReadOnlyList<InjectorRuntime> All { get; } =
    [
        new("dotnet", "dotnet", "dotnet_auto_instrumentation_agent_path_prefix", "/usr/lib/opentelemetry/dotnet"),
        new("java", "jvm", "jvm_auto_instrumentation_agent_path", "/usr/lib/opentelemetry/java/opentelemetry-javaagent.jar"),
        new("nodejs", "nodejs", "nodejs_auto_instrumentation_agent_path", "/usr/lib/opentelemetry/nodejs/register.js"),
        new("python", "python", "python_auto_instrumentation_agent_path_prefix", "/usr/lib/opentelemetry/python"),
        new("ruby", "ruby", "ruby_auto_instrumentation_agent_path_prefix", "/usr/lib/opentelemetry/ruby"),
    ];

    public static InjectorRuntime? Of(string language) => All.FirstOrDefault(runtime => runtime.Language == language);
}
