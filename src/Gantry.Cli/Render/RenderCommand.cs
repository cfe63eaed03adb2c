using System.CommandLine;
using Gantry.Cli.Verbs;

namespace Gantry.Cli.Render;

/// <summary><c>gantry render</c>: what puts an agent where no agent of the host reaches.</summary>
internal static class RenderCommand
{
    public static Command Create(CliContext context)
    {
        var render = new Verb("render", "Files that instrument where no host agent reaches: ECS, Kubernetes, Lambda, images", context)
        {
            Details = "The file goes to stdout; what was merged, and what this cannot give, goes to stderr in words. Where nothing can be given, the exit code is 3.",
            Examples =
            [
                new Example("gantry render ecs --task-definition orders.json --language java --endpoint http://gateway.example:4318", "a patched task definition"),
                new Example("gantry render k8s --language python --endpoint http://gateway.gantry:4318", "what the operator and the workload need"),
                new Example("gantry render lambda --name thumbnails --language nodejs --layer ARN", "a function's new configuration"),
                new Example("gantry render dockerfile --language dotnet --image mcr.microsoft.com/dotnet/aspnet:8.0", "an image with the agent in it"),
            ],
        };
        render.Add(EcsVerb.Create(context));
        render.Add(KubernetesVerb.Create(context));
        render.Add(LambdaVerb.Create(context));
        render.Add(DockerfileVerb.Create(context));
        return render;
    }
}
