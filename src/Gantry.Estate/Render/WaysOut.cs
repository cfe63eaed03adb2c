using Gantry.Estate.Methods;

namespace Gantry.Estate.Render;

/// <summary>What is left where a program can have no traces without a change of its code: said by every renderer in the same words.</summary>
internal static class WaysOut
{
    public static IReadOnlyList<string> Of(MethodAdvice advice) =>
    [
        $"There are no zero-code traces for {advice.Traits.Language!.Title} on {advice.Platform.Title}: {Why(advice.Platform)} Three ways out:",
        advice.Traits.Language.Id == "go"
            ? "1. Build it again with otelc, Go's compile-time instrumentation: the build changes and the source does not. Or put the OpenTelemetry SDK into its code."
            : advice.Traits.Language.Id == "dotnet-native"
                ? "1. Publish it for the runtime instead of Native AOT, and the .NET agent applies; or put the OpenTelemetry SDK into its code."
                : "1. Put the OpenTelemetry SDK into its code.",
        "2. Run it where OBI can look at it from outside: ECS on EC2 or Managed Instances, Kubernetes on nodes of your own, or a VM (`gantry method --language " + advice.Traits.Language.Id + " --platform ecs-ec2`).",
        "3. Until then take RED from the platform: " + (advice.Platform.Id == MethodPlatforms.Lambda
            ? "Lambda's own metrics of invocations, errors and durations."
            : "the target metrics of its load balancer, or ECS Service Connect."),
    ];

    private static string Why(MethodPlatform platform) => platform.Id == MethodPlatforms.Lambda
        ? "no layer has an agent for it, and a sandbox has no eBPF."
        : "no agent can be loaded into it, and without a host there is no eBPF.";
}
