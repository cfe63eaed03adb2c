using Gantry.Estate.Resources;
using static Gantry.Estate.Render.Kubernetes.KubernetesYaml;

namespace Gantry.Estate.Render.Kubernetes;

/// <summary>gantry-agent on each node: USE of the node, its processes, who talks to whom.</summary>
internal static class AgentDocuments
{
    private const string Name = "gantry-agent";
    private const string Root = "/host";

    public static IEnumerable<KubernetesDocument> All(KubernetesOptions options) => [new("gantry-agent, one on each node.", DaemonSet(options))];

    private static MappingNode DaemonSet(KubernetesOptions options) => Map(
        ("apiVersion", Text("apps/v1")),
        ("kind", Text("DaemonSet")),
        ("metadata", Map(("name", Text(Name)), ("namespace", Text(options.Namespace)), ("labels", Labels(Name)))),
        ("spec", Map(
            ("selector", Map(("matchLabels", Map(("app.kubernetes.io/name", Text(Name)))))),
            ("template", Map(
                ("metadata", Map(("labels", Labels(Name)))),
                ("spec", Map(
                    ("automountServiceAccountToken", Word("false")),
                    // The node's pids and sockets, not the pod's.
                    ("hostPID", Word("true")),
                    ("hostNetwork", Word("true")),
                    ("dnsPolicy", Text("ClusterFirstWithHostNet")),
                    ("tolerations", List(Map(("operator", Text("Exists"))))),
                    ("containers", List(Container(options))),
                    ("volumes", List(HostPath("proc", "/proc"), HostPath("sys", "/sys"), HostPath("etc", "/etc"), State())))))))));

    private static MappingNode Container(KubernetesOptions options) => Map(
        ("name", Text(Name)),
        ("image", Text(options.GantryImage)),
        ("args", Texts(
            "--gateway", options.Render.Endpoint, "--hub", options.Hub.Length > 0 ? options.Hub : "off",
            "--proc", $"{Root}/proc", "--sys", $"{Root}/sys", "--etc", $"{Root}/etc", "--state", "/var/lib/gantry-agent")),
        ("env", List(Map(
            ("name", Text("GANTRY_TOKEN")),
            ("valueFrom", Map(("secretKeyRef", Map(("name", Text(Name)), ("key", Text("token")), ("optional", Word("true"))))))))),
        ("securityContext", Map(
            ("runAsUser", Word("0")),
            ("allowPrivilegeEscalation", Word("false")),
            ("readOnlyRootFilesystem", Word("true")),
            // To read what other users' processes are, and no more.
            ("capabilities", Map(("drop", Texts("ALL")), ("add", Texts("SYS_PTRACE", "DAC_READ_SEARCH")))))),
        ("resources", Map(("requests", Map(("cpu", Text("20m")), ("memory", Text("32Mi")))), ("limits", Map(("memory", Text("128Mi")))))),
        ("volumeMounts", List(
            Mount("proc", $"{Root}/proc", readOnly: true), Mount("sys", $"{Root}/sys", readOnly: true), Mount("etc", $"{Root}/etc", readOnly: true), Mount("state", "/var/lib/gantry-agent", readOnly: false))));

    private static MappingNode State() => Map(("name", Text("state")), ("hostPath", Map(("path", Text("/var/lib/gantry-agent")), ("type", Text("DirectoryOrCreate")))));
}
