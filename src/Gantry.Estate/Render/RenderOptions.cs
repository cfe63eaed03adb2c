using Gantry.Estate.Methods;

namespace Gantry.Estate.Render;

/// <summary>What all renderers need to know.</summary>
public sealed record RenderOptions
{
    public required MethodLanguage Language { get; init; }

    /// <summary>OTLP/HTTP address that telemetry goes to; "" keeps what is there.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>service.name; "" takes what the target has for a name.</summary>
    public string Service { get; init; } = "";

    /// <summary>Further resource attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Image that holds the language's agent; "" takes <see cref="LanguageAgent.Image"/>.</summary>
    public string AgentImage { get; init; } = "";

    /// <summary>"glibc" or "musl".</summary>
    public string Libc { get; init; } = "glibc";

    /// <summary>"x64" or "arm64"; "" takes the target's word, else x64.</summary>
    public string Architecture { get; init; } = "";

    public string ObiImage { get; init; } = RenderDefaults.ObiImage;
}

/// <summary>Images and versions that are taken where nobody names others: those that the projects themselves publish, as of August 2026.</summary>
public static class RenderDefaults
{
    public const string ObiImage = "otel/ebpf-instrument:v0.12.1";

    /// <summary>Version of the chart opentelemetry-ebpf-instrumentation that the Helm values are for.</summary>
    public const string ObiChart = "0.12.0";

    /// <summary>Version of the gem opentelemetry-auto-instrumentation.</summary>
    public const string RubyGem = "0.1.0";

    /// <summary>Account that publishes the upstream layers for Lambda.</summary>
    public const string LayerAccount = "184161586896";
}
