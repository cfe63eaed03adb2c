using Gantry.Estate.Resources;
using static Gantry.Estate.Render.Kubernetes.KubernetesYaml;

namespace Gantry.Estate.Render.Kubernetes;

/// <summary>What the OpenTelemetry Operator reads: how to instrument, and which workloads.</summary>
internal static class OperatorDocuments
{
    private const string Name = "gantry";
    private const string Prefix = "instrumentation.opentelemetry.io/";

    public static KubernetesDocument Instrumentation(KubernetesOptions options)
    {
        var agent = LanguageAgent.Of(options.Render.Language)!;
        var fields = new List<(string, Node)>
        {
            ("exporter", Map(("endpoint", Text(options.Render.Endpoint)))),
            ("propagators", Texts("tracecontext", "baggage")),
            // Sampling is decided centrally, after the statistics.
            ("sampler", Map(("type", Text("always_on")))),
        };
        if (options.Render.Attributes.Count > 0)
        {
            fields.Add(("resource", Map(("resourceAttributes", Map(options.Render.Attributes.Select(pair => (pair.Key, Text(pair.Value))))))));
        }

        fields.Add((agent.Language, Map(
            ("image", Text(options.Render.AgentImage.Length > 0 ? options.Render.AgentImage : agent.Image)),
            ("env", Environment([(IdentityVariables.Protocol, "http/protobuf")])))));
        return new KubernetesDocument(
            "How the operator instruments; it acts on pods whose annotation names it.",
            Map(
                ("apiVersion", Text("opentelemetry.io/v1alpha1")),
                ("kind", Text("Instrumentation")),
                ("metadata", Map(("name", Text(Name)), ("namespace", Text(options.Namespace)), ("labels", Labels(Name)))),
                ("spec", Map(fields))));
    }

    public static KubernetesDocument Patch(KubernetesOptions options)
    {
        var language = options.Render.Language.Id;
        var annotations = new List<(string, Node)> { ($"{Prefix}inject-{language}", Text($"{options.Namespace}/{Name}")) };
        if (options.Container.Length > 0)
        {
            annotations.Add(($"{Prefix}container-names", Text(options.Container)));
        }

        if (options.Render.Libc == "musl" && language == "python")
        {
            annotations.Add(($"{Prefix}otel-python-platform", Text("musl")));
        }

        if (options.Render.Libc == "musl" && language == "dotnet")
        {
            annotations.Add(($"{Prefix}otel-dotnet-auto-runtime", Text("linux-musl-x64")));
        }

        if (options.Render.Service.Length > 0)
        {
            annotations.Add(("resource.opentelemetry.io/service.name", Text(options.Render.Service)));
        }

        return new KubernetesDocument(
            "Patch for a workload (Deployment, StatefulSet, DaemonSet): its new pods are instrumented.",
            Map(("spec", Map(("template", Map(("metadata", Map(("annotations", Map(annotations))))))))));
    }
}
