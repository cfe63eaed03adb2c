using System.Text.Json.Nodes;
using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Ecs;

/// <summary>A task definition that is being changed: as it is registered, or as `describe-task-definition` shows it.</summary>
internal sealed class EcsTask
{
    /// <summary>Names of what Gantry adds begin so.</summary>
    public const string Ours = "gantry-";

    private readonly JsonObject _root;
    private readonly RenderLog _log;

    private EcsTask(JsonObject root, JsonObject task, JsonArray containers, RenderLog log)
    {
        _root = root;
        _log = log;
        Task = task;
        Containers = containers;
    }

    public JsonObject Task { get; }

    public JsonArray Containers { get; }

    public string Family => JsonDocuments.Text(Task["family"]);

    public string NetworkMode => JsonDocuments.Text(Task["networkMode"]);

    /// <summary>"x64" or "arm64".</summary>
    public string Architecture => JsonDocuments.Text((Task["runtimePlatform"] as JsonObject)?["cpuArchitecture"]) == "ARM64" ? "arm64" : "x64";

    public bool IsWindows => JsonDocuments.Text((Task["runtimePlatform"] as JsonObject)?["operatingSystemFamily"]).StartsWith("WINDOWS", StringComparison.Ordinal);

    /// <returns>Null when it is none; the log says why.</returns>
    public static EcsTask? Read(string text, RenderLog log)
    {
        if (JsonDocuments.Read(text, "task definition", log) is not { } root)
        {
            return null;
        }

        var task = root["taskDefinition"] as JsonObject ?? root;
        if (task["containerDefinitions"] is not JsonArray { Count: > 0 } containers || !containers.All(item => item is JsonObject container && JsonDocuments.Text(container["name"]).Length > 0))
        {
            log.Problem("containerDefinitions is no list of containers with names: this is no task definition. `aws ecs describe-task-definition` writes one.");
            return null;
        }

        if (JsonDocuments.Text(task["family"]).Length == 0)
        {
            log.Problem("family is missing: this is no task definition that could be registered.");
            return null;
        }

        return new EcsTask(root, task, containers, log);
    }

    /// <summary>What it says it is for; where it may be for several, the one that allows least.</summary>
    public MethodPlatform Platform()
    {
        var launches = (Task["requiresCompatibilities"] as JsonArray)?.Select(JsonDocuments.Text).ToList() ?? [];
        return MethodPlatforms.Find(
            launches.Contains("FARGATE") ? MethodPlatforms.EcsFargate : launches.Contains("MANAGED_INSTANCES") ? MethodPlatforms.EcsManagedInstances : MethodPlatforms.EcsEc2)!;
    }

    /// <returns>Null when it is not clear which; the log says why.</returns>
    public EcsContainer? Find(string name)
    {
        var candidates = Containers.OfType<JsonObject>().Where(container => !JsonDocuments.Text(container["name"]).StartsWith(Ours, StringComparison.Ordinal)).ToList();
        var found = name.Length > 0
            ? candidates.Find(container => JsonDocuments.Text(container["name"]) == name)
            : candidates.FindAll(container => container["essential"] is not JsonValue value || !value.TryGetValue<bool>(out var essential) || essential) is [var only] ? only : null;
        if (found is null)
        {
            var names = string.Join(", ", candidates.Select(container => JsonDocuments.Text(container["name"])));
            _log.Problem(name.Length > 0 ? $"There is no container '{name}'; there are: {names}." : $"Several containers are essential, or none is; name the program's with --container: {names}.");
            return null;
        }

        return EcsContainer.Read(found, _log);
    }

    public JsonArray? Volumes() => JsonDocuments.List(Task, "volumes", "taskDefinition", _log);

    public string Write() => JsonDocuments.Write(_root);
}
