using System.CommandLine;
using Gantry.Cli.Methods;
using Gantry.Cli.Verbs;
using Gantry.Estate.Methods;
using Gantry.Estate.Render.Ecs;

namespace Gantry.Cli.Render;

/// <summary><c>gantry render ecs</c>.</summary>
internal static class EcsVerb
{
    public static Command Create(CliContext context)
    {
        var file = new Option<string?>("--task-definition") { Description = "The task definition: as it is registered, or as describe-task-definition writes it", HelpName = "FILE" };
        var obi = new Option<bool>("--obi") { Description = "OBI as a daemon, instead of a patched task definition; for what takes no agent" };
        var platform = MethodOptions.Platform("Where it runs [default: what the task definition says]", MethodPlatforms.EcsEc2, MethodPlatforms.EcsFargate, MethodPlatforms.EcsManagedInstances);
        var container = new Option<string?>("--container") { Description = "The program's container [default: the only essential one]", HelpName = "NAME" };
        var sidecar = new Option<string?>("--sidecar-image") { Description = "Image of gantry-agent, to run beside the program", HelpName = "IMAGE" };
        var hub = new Option<string?>("--sidecar-hub") { Description = "The hub that the sidecar reports to [default: none]", HelpName = "URL" };
        var token = new Option<string?>("--sidecar-token") { Description = "Secret or parameter with the sidecar's token", HelpName = "ARN" };
        var image = RenderFlags.ObiImage();
        var flags = new RenderFlags();
        var verb = new Verb("ecs", "A task definition with the agent in it, for EC2, Fargate and Managed Instances", context)
        {
            Details =
                "A container that ends at once copies the agent to a volume of the task; the program mounts it, waits for it, and gets the variables that load\n" +
                "it. All else stays. Values that are there are added to or kept, and that is said; where the two cannot go together nothing is rendered.\n" +
                "Rendering twice is rendering once.",
            Examples =
            [
                new Example("gantry render ecs --task-definition orders.json --language java --endpoint http://gateway.example:4318", "a patched task definition"),
                new Example("gantry render ecs --task-definition cart.json --language dotnet --libc musl --arch arm64 --endpoint http://gateway.example:4318", "for Alpine on Graviton"),
                new Example("gantry render ecs --obi --language go --platform ecs-ec2 --endpoint http://gateway.example:4318", "OBI on each instance"),
            ],
        };
        foreach (var option in new Option[] { file, obi, platform, container, sidecar, hub, token, image })
        {
            verb.Add(option);
        }

        flags.AddTo(verb);
        return verb.Runs(async (parsed, cancellation) =>
        {
            var options = flags.Of(parsed, parsed.GetValue(image));
            var where = parsed.GetValue(platform) is { } named ? MethodPlatforms.Find(named) : null;
            if (parsed.GetValue(obi))
            {
                return RenderFlags.Write(context, ObiDaemon.Render(options, where ?? throw new CommandFailure("--platform is missing: --obi needs ecs-ec2 or ecs-managed-instances")));
            }

            var text = await TextFile.ReadAsync("--task-definition", parsed.GetValue(file) ?? throw new CommandFailure("--task-definition FILE is missing; with --obi there is none"), cancellation);
            return RenderFlags.Write(context, EcsRenderer.Render(text, new EcsOptions
            {
                Render = options,
                Platform = where,
                Container = parsed.GetValue(container) ?? "",
                SidecarImage = parsed.GetValue(sidecar) ?? "",
                Hub = parsed.GetValue(hub) ?? "",
                TokenSecret = parsed.GetValue(token) ?? "",
            }));
        });
    }
}
