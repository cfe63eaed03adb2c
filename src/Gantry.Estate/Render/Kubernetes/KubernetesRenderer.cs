using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Kubernetes;

/// <summary>Documents for a cluster: what the operator needs, what a workload needs, OBI and the agent on each node, values for OBI's chart.</summary>
public static class KubernetesRenderer
{
    public static Rendering Render(KubernetesOptions options)
    {
        var log = new RenderLog();
        var language = options.Render.Language;
        var advice = MethodCatalogue.Advise(new ProcessTraits { Language = language, Libc = options.Render.Libc }, MethodPlatforms.Find(MethodPlatforms.Kubernetes)!);
        var byOperator = advice.Transactions.Recommended?.Method.Id == "operator";
        var parts = options.Parts.Count > 0 ? options.Parts : byOperator ? [KubernetesParts.Instrumentation, KubernetesParts.Patch] : [KubernetesParts.Obi];
        foreach (var unknown in parts.Except(KubernetesParts.All))
        {
            log.Problem($"--part '{unknown}': expected {string.Join(", ", KubernetesParts.All)}.");
        }

        if (options.Render.Endpoint.Length == 0)
        {
            log.Problem("Nothing says where telemetry goes. Give --endpoint, such as http://gateway.gantry:4318.");
        }

        if (parts.Contains(KubernetesParts.Helm) && parts.Count > 1)
        {
            log.Problem("--part helm gives values for a chart, which are no objects of the cluster: render them alone.");
        }

        if (!byOperator && parts.Any(part => part is KubernetesParts.Instrumentation or KubernetesParts.Patch))
        {
            log.Problem($"The operator has nothing for {language.Title}. {(advice.Transactions.Recommended is { Method: { Inside: true } method }
                ? $"{method.Title} does it, in the image: `gantry render dockerfile --language {language.Id}`."
                : "OBI looks at it from outside: --part obi.")}");
        }

        if (parts.Contains(KubernetesParts.Agent) && options.GantryImage.Length == 0)
        {
            log.Problem("The agent's DaemonSet needs an image of gantry-agent that the cluster can pull: --gantry-image IMAGE.");
        }

        Say(parts, options, advice, log);
        return log.Done(() => string.Join("---\n", parts.SelectMany(part => Documents(part, options)).Select(document => KubernetesYaml.Write(document))));
    }

    private static IEnumerable<KubernetesDocument> Documents(string part, KubernetesOptions options) => part switch
    {
        KubernetesParts.Instrumentation => [OperatorDocuments.Instrumentation(options)],
        KubernetesParts.Patch => [OperatorDocuments.Patch(options)],
        KubernetesParts.Obi => ObiDocuments.All(options),
        KubernetesParts.Helm => [ObiDocuments.Values(options)],
        _ => AgentDocuments.All(options),
    };

    private static void Say(IReadOnlyList<string> parts, KubernetesOptions options, MethodAdvice advice, RenderLog log)
    {
        if (parts.Contains(KubernetesParts.Patch))
        {
            log.Note("Apply the patch with `kubectl patch deployment NAME --patch-file FILE` once the operator runs and the Instrumentation is there; it makes the pods anew.");
        }

        if (parts.Contains(KubernetesParts.Instrumentation) && options.Render.Libc == "musl" && options.Render.Language.Id is "java" or "nodejs")
        {
            log.Note($"The agent for {options.Render.Language.Title} is the same on Alpine.");
        }

        if (parts.Contains(KubernetesParts.Obi) || parts.Contains(KubernetesParts.Helm))
        {
            log.Note("OBI needs privileged pods, which the Pod Security Standards allow in a namespace labelled pod-security.kubernetes.io/enforce=privileged only.");
            log.Note("Where a program's own agent sends a signal, OBI stops sending it for that program; until it has noticed there are a few duplicates.");
        }

        if (parts.Contains(KubernetesParts.Helm))
        {
            log.Note($"The values are for version {RenderDefaults.ObiChart} of the chart opentelemetry-ebpf-instrumentation.");
        }

        if (advice.Transactions.Recommended is { Method.Inside: true } choice && !parts.Contains(KubernetesParts.Instrumentation) && choice.Method.Id != "operator")
        {
            log.Note($"Traces from inside come with {choice.Method.Title}, in the image: `gantry render dockerfile --language {options.Render.Language.Id}`.");
        }

        log.Note(advice.Limits);
        log.Note("Never mount a ConfigMap as the injector's conf.d: its keys are symbolic links, and the injector reads plain files only, without a word.");
    }
}
