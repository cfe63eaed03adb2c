using System.Text.Json.Nodes;

namespace Gantry.Estate.Render.Ecs;

/// <summary>A container of a task definition that is being changed.</summary>
internal sealed class EcsContainer
{
    private readonly JsonObject _container;
    private readonly JsonArray _environment;
    private readonly RenderLog _log;

    private EcsContainer(JsonObject container, JsonArray environment, RenderLog log)
    {
        _container = container;
        _environment = environment;
        _log = log;
    }

    public string Name => JsonDocuments.Text(_container["name"]);

    public bool HasEnvironmentFiles => _container["environmentFiles"] is JsonArray { Count: > 0 };

    /// <returns>Null when it is not as ECS has it; the log says why.</returns>
    public static EcsContainer? Read(JsonObject container, RenderLog log) =>
        JsonDocuments.List(container, "environment", JsonDocuments.Text(container["name"]), log) is { } environment ? new EcsContainer(container, environment, log) : null;

    /// <returns>Null: it is not there, or its value is a secret's.</returns>
    public string? Variable(string name) => JsonDocuments.Find(_environment, "name", name) is { } variable ? JsonDocuments.Text(variable["value"]) : null;

    /// <summary>Its value comes from a secret or parameter, which nobody reads here.</summary>
    public bool IsSecret(string name) => _container["secrets"] is JsonArray secrets && JsonDocuments.Find(secrets, "name", name) is not null;

    public void Set(AgentVariable variable)
    {
        if (IsSecret(variable.Name))
        {
            if (!variable.IsDefault)
            {
                _log.Problem($"{Name}: {variable.Name} comes from a secret, so nothing can be added to it. Move it to environment, or add '{variable.Value}' to the secret and run this again.");
            }

            return;
        }

        if (variable.MergeWith(Variable(variable.Name), _log) is { } value)
        {
            Set(variable.Name, value);
        }
    }

    public void Set(string name, string value)
    {
        if (JsonDocuments.Find(_environment, "name", name) is { } there)
        {
            if (JsonDocuments.Text(there["value"]) != value)
            {
                there["value"] = value;
            }

            return;
        }

        _environment.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
    }

    public void Mount(string volume, string path, bool readOnly)
    {
        if (JsonDocuments.List(_container, "mountPoints", Name, _log) is not { } mounts)
        {
            return;
        }

        if (JsonDocuments.Find(mounts, "containerPath", path) is { } there)
        {
            if (JsonDocuments.Text(there["sourceVolume"]) != volume)
            {
                _log.Problem($"{Name}: the volume '{JsonDocuments.Text(there["sourceVolume"])}' is mounted at {path}, where the agent goes. Mount it elsewhere.");
            }

            return;
        }

        mounts.Add((JsonNode)new JsonObject { ["sourceVolume"] = volume, ["containerPath"] = path, ["readOnly"] = readOnly });
    }

    /// <summary>It starts once that container has ended well.</summary>
    public void WaitFor(string container)
    {
        const string Success = "SUCCESS";
        if (JsonDocuments.List(_container, "dependsOn", Name, _log) is not { } before)
        {
            return;
        }

        if (JsonDocuments.Find(before, "containerName", container) is { } there)
        {
            if (JsonDocuments.Text(there["condition"]) != Success)
            {
                _log.Problem($"{Name}: dependsOn has {container} with condition {JsonDocuments.Text(there["condition"])}; it must be {Success}, or the program starts before its agent is there.");
            }

            return;
        }

        before.Add((JsonNode)new JsonObject { ["containerName"] = container, ["condition"] = Success });
    }
}
