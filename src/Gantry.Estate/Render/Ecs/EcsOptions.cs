using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Ecs;

/// <summary>What is to be done with a task definition.</summary>
public sealed record EcsOptions
{
    public required RenderOptions Render { get; init; }

    /// <summary>Null: what the task definition says it is for.</summary>
    public MethodPlatform? Platform { get; init; }

    /// <summary>The program's container; "" where there is only one that it can be.</summary>
    public string Container { get; init; } = "";

    /// <summary>Image of gantry-agent, to run beside the program; "" adds none.</summary>
    public string SidecarImage { get; init; } = "";

    /// <summary>The hub that the sidecar reports to; "" for none.</summary>
    public string Hub { get; init; } = "";

    /// <summary>ARN of the secret or parameter with the sidecar's token; "" for none.</summary>
    public string TokenSecret { get; init; } = "";
}
