using System.Text.Json.Nodes;
using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Ecs;

/// <summary>
/// Patches a task definition: a container that ends at once copies the agent to a volume of the task, the program mounts it, waits for it, and gets the variables
/// that load it. All else stays as it was; what is there already is added to or kept, and said, or refused. Rendering twice is rendering once.
/// </summary>
public static class EcsRenderer
{
    /// <summary>Copying takes next to nothing; EC2 wants a limit for each container where the task has none.</summary>
    private const int InitMemory = 128;

    public static Rendering Render(string taskDefinition, EcsOptions options)
    {
        var log = new RenderLog();
        if (EcsTask.Read(taskDefinition, log) is not { } task)
        {
            return Rendering.Refused(log.Problems);
        }

        var platform = options.Platform ?? task.Platform();
        var traits = new ProcessTraits { Language = options.Render.Language, Libc = options.Render.Libc };
        var advice = MethodCatalogue.Advise(traits, platform);
        if (task.IsWindows)
        {
            log.Problem("The task is for Windows; only Linux is rendered.");
        }

        var method = advice.Transactions.Recommended?.Method;
        if (method is null or { Effect: MethodEffect.NextBuild })
        {
            return Rendering.Refused([.. log.Problems, .. WaysOut.Of(advice)], advice.Limits);
        }

        if (task.Find(options.Container) is not { } program)
        {
            return Rendering.Refused(log.Problems);
        }

        if (method.Inside && LanguageAgent.Of(options.Render.Language) is { } agent)
        {
            AddAgent(task, program, agent, options.Render, log);
        }
        else if (method.Inside)
        {
            log.Note($"The agent for {options.Render.Language.Title} comes in no image of its own, so only identity and endpoint are set here; put it into the program's image: `gantry render dockerfile --language {options.Render.Language.Id}`.");
        }
        else
        {
            log.Note($"Nothing is loaded into {options.Render.Language.Title}: {method.Title} makes its RED and spans, and takes its name from the variables set here. `gantry render ecs --obi --platform {platform.Id}` gives the daemon.");
        }

        AddIdentity(task, program, options, log);
        if (options.SidecarImage.Length > 0)
        {
            EcsSidecar.Add(task, options, platform, log);
        }

        log.Note(advice.Limits);
        log.Note("Nothing happens before the new revision is registered and its service updated: running tasks stay as they are. Read-only fields that describe-task-definition adds (taskDefinitionArn, revision, status, …) must be taken out before it is registered.");
        return log.Done(task.Write);
    }

    private static void AddAgent(EcsTask task, EcsContainer program, LanguageAgent agent, RenderOptions options, RenderLog log)
    {
        var name = $"{EcsTask.Ours}otel-{agent.Language}";
        if (task.Volumes() is not { } volumes)
        {
            return;
        }

        if (JsonDocuments.Find(volumes, "name", name) is not { } volume)
        {
            // Without a host path it lives and dies with the task, on every launch type.
            volumes.Add((JsonNode)new JsonObject { ["name"] = name });
        }
        else if (volume.Any(field => field.Key != "name" && field is not { Key: "host", Value: JsonObject { Count: 0 } }))
        {
            log.Problem($"The volume '{name}' is not one of the task alone. Rename it.");
        }

        var init = JsonDocuments.Find(task.Containers, "name", name);
        var image = options.AgentImage.Length > 0 ? options.AgentImage : agent.Image;
        if (init is null)
        {
            init = new JsonObject { ["name"] = name };
            task.Containers.Add((JsonNode)init);
        }
        else if (JsonDocuments.Text(init["image"]) is { Length: > 0 } before && before != image)
        {
            log.Note($"The agent's image was {before} and is now {image}.");
        }

        init["image"] = image;
        init["essential"] = false;
        init["command"] = agent.To == agent.Folder
            ? JsonDocuments.Strings("cp", "-r", agent.FromFor(options.Libc), agent.Folder)
            : JsonDocuments.Strings("cp", agent.From, agent.To);
        init["cpu"] ??= 0;
        init["memory"] ??= InitMemory;
        EcsContainer.Read(init, log)?.Mount(name, agent.Folder, readOnly: false);
        if (init["environment"] is JsonArray { Count: 0 })
        {
            init.Remove("environment");
        }

        program.Mount(name, agent.Folder, readOnly: true);
        program.WaitFor(name);
        foreach (var variable in agent.Variables(options.Libc, options.Architecture.Length > 0 ? options.Architecture : task.Architecture))
        {
            if (variable.Separator.Length > 0 && program.Variable(variable.Name) is null)
            {
                log.Note($"If the image itself sets {variable.Name}, the task definition's value replaces it: `docker inspect` shows it. Then put the image's value into the task definition and run this again.");
            }

            program.Set(variable);
        }

        if (agent.MindsLibc)
        {
            log.Note($"The agent's files are those for {options.Libc}; an image on {(options.Libc == "musl" ? "Debian or Red Hat needs --libc glibc" : "Alpine needs --libc musl")}.");
        }
    }

    private static void AddIdentity(EcsTask task, EcsContainer program, EcsOptions options, RenderLog log)
    {
        // A secret's value is not known, but that there is one is. With an endpoint that is one goes its own protocol.
        var render = program.IsSecret(IdentityVariables.Endpoint) ? options.Render with { Endpoint = "" } : options.Render;
        foreach (var (name, value) in IdentityVariables.Of(render, task.Family, name => program.IsSecret(name) ? "" : program.Variable(name), log))
        {
            if (!program.IsSecret(name))
            {
                program.Set(name, value);
            }
        }

        if (options.Render.Endpoint.Length == 0 && program.Variable(IdentityVariables.Endpoint) is null && !program.IsSecret(IdentityVariables.Endpoint))
        {
            log.Problem($"Nothing says where telemetry goes: {IdentityVariables.Endpoint} is not set. Give --endpoint, such as http://gateway.example:4318.");
        }

        if (program.HasEnvironmentFiles)
        {
            log.Note("Variables of environmentFiles are not seen here; those in environment win over them.");
        }
    }
}
