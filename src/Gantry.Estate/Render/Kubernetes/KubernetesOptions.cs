namespace Gantry.Estate.Render.Kubernetes;

/// <summary>What can be rendered for a cluster.</summary>
public static class KubernetesParts
{
    public const string Instrumentation = "instrumentation";
    public const string Patch = "patch";
    public const string Obi = "obi";
    public const string Agent = "agent";
    public const string Helm = "helm";

    public static IReadOnlyList<string> All { get; } = [Instrumentation, Patch, Obi, Agent, Helm];
}

/// <summary>What is to be rendered for a cluster.</summary>
public sealed record KubernetesOptions
{
    public required RenderOptions Render { get; init; }

    /// <summary>Some of <see cref="KubernetesParts"/>; none: what the language wants.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Where Gantry's own objects go.</summary>
    public string Namespace { get; init; } = "gantry";

    /// <summary>The program's container in the pod; "" for the first.</summary>
    public string Container { get; init; } = "";

    /// <summary>Image of gantry-agent; needed for its DaemonSet.</summary>
    public string GantryImage { get; init; } = "";

    /// <summary>The hub that the agent reports to; "" for none.</summary>
    public string Hub { get; init; } = "";
}
