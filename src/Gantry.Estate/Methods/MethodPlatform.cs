namespace Gantry.Estate.Methods;

/// <summary>What has to start again before what was set acts. Order is from cheap to dear.</summary>
public enum MethodRestart
{
    /// <summary>Nothing: it acts on what runs.</summary>
    None,

    /// <summary>The process, with its unit.</summary>
    Process,

    /// <summary>The pods of the workload, made anew.</summary>
    Pod,

    /// <summary>The tasks, by a new revision of their definition.</summary>
    Task,

    /// <summary>The function, by a new configuration or version.</summary>
    Function,

    /// <summary>The program, by a new build and its roll-out.</summary>
    Rebuild,
}

/// <summary>Where a program runs, as far as instrumenting it goes.</summary>
/// <param name="Id">"vm", "ecs-fargate".</param>
/// <param name="Restart">What starting a process again means there.</param>
/// <param name="Images">Programs come in images: a file for a program is in its image, or mounted.</param>
public sealed record MethodPlatform(string Id, string Title, MethodRestart Restart, bool Images, IReadOnlyList<string> Aliases);

/// <summary>The columns of the matrix.</summary>
public static class MethodPlatforms
{
    public const string Vm = "vm";
    public const string Kubernetes = "kubernetes";
    public const string EcsEc2 = "ecs-ec2";
    public const string EcsFargate = "ecs-fargate";
    public const string EcsManagedInstances = "ecs-managed-instances";
    public const string Lambda = "lambda";

    public static IReadOnlyList<MethodPlatform> All { get; } =
    [
        new(Vm, "VM with systemd", MethodRestart.Process, Images: false, ["host", "systemd", "ec2"]),
        new(Kubernetes, "Kubernetes", MethodRestart.Pod, Images: true, ["k8s"]),
        new(EcsEc2, "ECS on EC2", MethodRestart.Task, Images: true, ["ecs_ec2", "ecs"]),
        new(EcsFargate, "ECS on Fargate", MethodRestart.Task, Images: true, ["fargate", "ecs_fargate"]),
        new(EcsManagedInstances, "ECS Managed Instances", MethodRestart.Task, Images: true, ["ecs-mi", "ecs_mi", "managed-instances"]),
        new(Lambda, "AWS Lambda", MethodRestart.Function, Images: false, ["aws-lambda"]),
    ];

    /// <returns>Null: it is no column.</returns>
    /// <param name="word">An id or an alias, in any case.</param>
    public static MethodPlatform? Find(string word) =>
        All.FirstOrDefault(platform => Is(platform.Id, word) || platform.Aliases.Any(alias => Is(alias, word)));

    private static bool Is(string name, string word) => string.Equals(name, word, StringComparison.OrdinalIgnoreCase);
}
