using System.Text.Json.Nodes;
using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Ecs;

/// <summary>OBI as one task an instance: the definition of a DAEMON service on EC2, or of a managed daemon on Managed Instances.</summary>
public static class ObiDaemon
{
    private const string Name = "gantry-obi";

    public static Rendering Render(RenderOptions options, MethodPlatform platform)
    {
        var log = new RenderLog();
        var managed = platform.Id == MethodPlatforms.EcsManagedInstances;
        if (!managed && platform.Id != MethodPlatforms.EcsEc2)
        {
            log.Problem($"OBI needs eBPF and a privileged container, and {platform.Title} has neither. It runs on ecs-ec2 and ecs-managed-instances.");
        }

        if (options.Endpoint.Length == 0)
        {
            log.Problem("Nothing says where telemetry goes. Give --endpoint, such as http://gateway.example:4318.");
        }

        log.Note(managed
            ? "Register it with `aws ecs register-daemon-task-definition`, and create the daemon from it. That OBI works there is concluded from the documentation, and untested: SELinux, BTF and lockdown may be in the way. Try one instance first."
            : "Register it with `aws ecs register-task-definition`, and run it as a service with the DAEMON strategy: one task an instance.");
        log.Note("OBI joins parent and child by thread in .NET, PHP, Rust, C and C++: asynchronous programs lose parents. The trace is not passed on over every TLS or reused HTTP/2 connection.");
        log.Note("Where a program's own agent sends a signal, OBI stops sending it for that program; until it has noticed there are a few duplicates.");
        return log.Done(() => JsonDocuments.Write(managed ? Managed(options) : Daemon(options)));
    }

    private static JsonObject Daemon(RenderOptions options) => new()
    {
        ["family"] = Name,
        ["requiresCompatibilities"] = JsonDocuments.Strings("EC2"),
        ["networkMode"] = "host",
        ["pidMode"] = "host",
        ["containerDefinitions"] = new JsonArray { (JsonNode)Container(options) },
        ["volumes"] = Volumes(),
    };

    private static JsonObject Managed(RenderOptions options) => new()
    {
        ["family"] = Name,
        ["cpu"] = "256",
        ["memory"] = "512",
        ["pidMode"] = "shared",
        ["containerDefinitions"] = new JsonArray { (JsonNode)Container(options) },
        ["volumes"] = Volumes(),
    };

    private static JsonArray Volumes() => new() { (JsonNode)new JsonObject { ["name"] = "cgroup", ["host"] = new JsonObject { ["sourcePath"] = "/sys/fs/cgroup" } } };

    private static JsonObject Container(RenderOptions options)
    {
        var environment = new JsonArray();
        foreach (var (name, value) in ObiSettings.Variables(options.Endpoint))
        {
            environment.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
        }

        return new JsonObject
        {
            ["name"] = "obi",
            ["image"] = options.ObiImage,
            ["essential"] = true,
            ["privileged"] = true,
            ["memoryReservation"] = 256,
            ["environment"] = environment,
            ["mountPoints"] = new JsonArray { (JsonNode)new JsonObject { ["sourceVolume"] = "cgroup", ["containerPath"] = "/sys/fs/cgroup", ["readOnly"] = false } },
        };
    }
}
