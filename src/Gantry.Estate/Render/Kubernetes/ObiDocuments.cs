using Gantry.Estate.Configurations;
using Gantry.Estate.Resources;
using static Gantry.Estate.Render.Kubernetes.KubernetesYaml;

namespace Gantry.Estate.Render.Kubernetes;

/// <summary>OBI on each node.</summary>
internal static class ObiDocuments
{
    private const string Name = "gantry-obi";
    private const string File = "obi.yaml";

    public static IEnumerable<KubernetesDocument> All(KubernetesOptions options) =>
    [
        new("OBI's account.", Map(("apiVersion", Text("v1")), ("kind", Text("ServiceAccount")), ("metadata", Metadata(options.Namespace)))),
        new(
            "What OBI reads to name pods.",
            Map(
                ("apiVersion", Text("rbac.authorization.k8s.io/v1")),
                ("kind", Text("ClusterRole")),
                ("metadata", Metadata(null)),
                ("rules", List(Rule("", "pods", "services", "nodes"), Rule("apps", "replicasets"))))),
        new(
            "Gives it to OBI's account.",
            Map(
                ("apiVersion", Text("rbac.authorization.k8s.io/v1")),
                ("kind", Text("ClusterRoleBinding")),
                ("metadata", Metadata(null)),
                ("subjects", List(Map(("kind", Text("ServiceAccount")), ("name", Text(Name)), ("namespace", Text(options.Namespace))))),
                ("roleRef", Map(("apiGroup", Text("rbac.authorization.k8s.io")), ("kind", Text("ClusterRole")), ("name", Text(Name)))))),
        new(
            "OBI's configuration. It is read when OBI starts; this one may be a ConfigMap, since OBI opens the file by its name.",
            Map(("apiVersion", Text("v1")), ("kind", Text("ConfigMap")), ("metadata", Metadata(options.Namespace)), ("data", Map((File, Nodes.Quoted(YamlWriter.Write(Configuration(options)))))))),
        new("OBI, one on each node.", DaemonSet(options)),
    ];

    /// <summary>Values for the chart opentelemetry-ebpf-instrumentation.</summary>
    public static KubernetesDocument Values(KubernetesOptions options)
    {
        var image = options.Render.ObiImage;
        var colon = image.LastIndexOf(':');
        return new KubernetesDocument(
            $"Values for the chart opentelemetry-ebpf-instrumentation {RenderDefaults.ObiChart}.",
            Map(
                ("image", Map(("repository", Text(colon > 0 ? image[..colon] : image)), ("tag", Text(colon > 0 ? image[(colon + 1)..] : "latest")))),
                ("preset", Text("application")),
                ("privileged", Word("true")),
                ("config", Map(("create", Word("true")), ("data", Configuration(options))))));
    }

    /// <summary>OBI's configuration of version 1, which all releases read.</summary>
    private static MappingNode Configuration(KubernetesOptions options)
    {
        var endpoint = options.Render.Endpoint.TrimEnd('/');
        return Map(
            ("discovery", Map(("instrument", List(Map(("k8s_namespace", Text("*"))))))),
            ("routes", Map(("unmatched", Text("heuristic")))),
            ("attributes", Map(("kubernetes", Map(("enable", Word("true")))))),
            ("ebpf", Map(("context_propagation", Text("headers")))),
            ("otel_metrics_export", Map(("endpoint", Text(endpoint + "/v1/metrics")), ("protocol", Text("http/protobuf")))),
            ("otel_traces_export", Map(("endpoint", Text(endpoint + "/v1/traces")), ("protocol", Text("http/protobuf")))));
    }

    private static MappingNode DaemonSet(KubernetesOptions options) => Map(
        ("apiVersion", Text("apps/v1")),
        ("kind", Text("DaemonSet")),
        ("metadata", Metadata(options.Namespace)),
        ("spec", Map(
            ("selector", Map(("matchLabels", Map(("app.kubernetes.io/name", Text(Name)))))),
            ("template", Map(
                ("metadata", Map(("labels", Labels(Name)))),
                ("spec", Map(
                    ("serviceAccountName", Text(Name)),
                    ("hostPID", Word("true")),
                    ("hostNetwork", Word("true")),
                    ("dnsPolicy", Text("ClusterFirstWithHostNet")),
                    ("tolerations", List(Map(("operator", Text("Exists"))))),
                    ("containers", List(Map(
                        ("name", Text("obi")),
                        ("image", Text(options.Render.ObiImage)),
                        ("env", Environment([("OTEL_EBPF_CONFIG_PATH", "/config/" + File)])),
                        ("securityContext", Map(("privileged", Word("true")), ("readOnlyRootFilesystem", Word("true")))),
                        ("resources", Map(("requests", Map(("cpu", Text("50m")), ("memory", Text("128Mi")))), ("limits", Map(("memory", Text("1Gi")))))),
                        ("volumeMounts", List(Mount("config", "/config", readOnly: true), Mount("cgroup", "/sys/fs/cgroup", readOnly: false), Mount("run", "/var/run/obi", readOnly: false)))))),
                    ("volumes", List(
                        Map(("name", Text("config")), ("configMap", Map(("name", Text(Name))))),
                        HostPath("cgroup", "/sys/fs/cgroup"),
                        Map(("name", Text("run")), ("emptyDir", Map())))))))))));

    private static MappingNode Rule(string group, params IEnumerable<string> resources) =>
        Map(("apiGroups", List(Nodes.Quoted(group))), ("resources", Texts(resources)), ("verbs", Texts("list", "watch")));

    /// <param name="space">Null for what belongs to the cluster.</param>
    private static MappingNode Metadata(string? space) => space is null
        ? Map(("name", Text(Name)), ("labels", Labels(Name)))
        : Map(("name", Text(Name)), ("namespace", Text(space)), ("labels", Labels(Name)));
}
