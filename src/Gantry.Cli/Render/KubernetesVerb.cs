using System.CommandLine;
using Gantry.Cli.Verbs;
using Gantry.Estate.Render.Kubernetes;

namespace Gantry.Cli.Render;

/// <summary><c>gantry render k8s</c>.</summary>
internal static class KubernetesVerb
{
    public static Command Create(CliContext context)
    {
        var parts = new Option<string[]>("--part") { Description = $"What to render; may be given several times: {string.Join(", ", KubernetesParts.All)} [default: what the language wants]", HelpName = "PART" };
        parts.AcceptOnlyFromAmong([.. KubernetesParts.All]);
        var space = new Option<string>("--namespace") { Description = "Where Gantry's own objects go", HelpName = "NAME", DefaultValueFactory = _ => "gantry" };
        var container = new Option<string?>("--container") { Description = "The program's container in the pod [default: the first]", HelpName = "NAME" };
        var gantry = new Option<string?>("--gantry-image") { Description = "Image of gantry-agent, for --part agent", HelpName = "IMAGE" };
        var hub = new Option<string?>("--agent-hub") { Description = "The hub that gantry-agent reports to [default: none]", HelpName = "URL" };
        var image = RenderFlags.ObiImage();
        var flags = new RenderFlags();
        var verb = new Verb("k8s", "Objects for a cluster: the operator's, a workload's patch, OBI and the agent on each node", context)
        {
            Details =
                "instrumentation is the OpenTelemetry Operator's resource, patch the annotation of a workload, obi and agent are DaemonSets with what they need,\n" +
                "helm is values for OBI's chart (alone). Java, Node.js, Python and .NET want the first two, everything else OBI.",
            Examples =
            [
                new Example("gantry render k8s --language java --endpoint http://gateway.gantry:4318", "Instrumentation and patch"),
                new Example("gantry render k8s --language go --endpoint http://gateway.gantry:4318", "OBI on each node"),
                new Example("gantry render k8s --language go --part helm --endpoint http://gateway.gantry:4318", "values for OBI's chart"),
            ],
        };
        foreach (var option in new Option[] { parts, space, container, gantry, hub, image })
        {
            verb.Add(option);
        }

        flags.AddTo(verb);
        return verb.Runs((parsed, _) => Task.FromResult(RenderFlags.Write(context, KubernetesRenderer.Render(new KubernetesOptions
        {
            Render = flags.Of(parsed, parsed.GetValue(image)),
            Parts = [.. (parsed.GetValue(parts) ?? []).Distinct()],
            Namespace = parsed.GetRequiredValue(space),
            Container = parsed.GetValue(container) ?? "",
            GantryImage = parsed.GetValue(gantry) ?? "",
            Hub = parsed.GetValue(hub) ?? "",
        }))));
    }
}
