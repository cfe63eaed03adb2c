using System.Text.Json.Nodes;
using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Ecs;

/// <summary>gantry-agent beside the program: what runs in the task, and who talks to whom, also where no eBPF is.</summary>
internal static class EcsSidecar
{
    public const string Name = EcsTask.Ours + "agent";

    private const int Memory = 64;

    public static void Add(EcsTask task, EcsOptions options, MethodPlatform platform, RenderLog log)
    {
        var sidecar = JsonDocuments.Find(task.Containers, "name", Name);
        if (sidecar is null)
        {
            sidecar = new JsonObject { ["name"] = Name };
            task.Containers.Add((JsonNode)sidecar);
        }

        sidecar["image"] = options.SidecarImage;
        // When it ends, the program must not.
        sidecar["essential"] = false;
        sidecar["command"] = JsonDocuments.Strings(
            "--gateway", options.Render.Endpoint.Length > 0 ? options.Render.Endpoint : "off", "--hub", options.Hub.Length > 0 ? options.Hub : "off");
        sidecar["cpu"] ??= 0;
        sidecar["memoryReservation"] ??= Memory;
        if (options.TokenSecret.Length > 0)
        {
            sidecar["secrets"] = new JsonArray { (JsonNode)new JsonObject { ["name"] = "GANTRY_TOKEN", ["valueFrom"] = options.TokenSecret } };
        }

        var pids = JsonDocuments.Text(task.Task["pidMode"]);
        if (pids.Length == 0)
        {
            task.Task["pidMode"] = "task";
            log.Note("pidMode is now task, so that the sidecar sees the program; the program's own pid is then no longer 1.");
        }

        if (task.NetworkMode is not "awsvpc" && platform.Id != MethodPlatforms.EcsFargate)
        {
            log.Note("Only with networkMode awsvpc do sidecar and program share a network; without it the network view is empty.");
        }
    }
}
