using Gantry.Estate.Ladder;
using static Gantry.Estate.Methods.RequirementKind;

namespace Gantry.Estate.Methods;

/// <summary>All methods. What each asks of a process is data too: <see cref="RequirementRules"/> says how it is checked.</summary>
internal static class MethodTable
{
    private static readonly Rung[] Red = [Rung.Baseline];

    private static readonly Rung[] Traces = [Rung.Transactions];

    private static readonly Rung[] Both = [Rung.Baseline, Rung.Transactions];

    private const string EbpfNeeds = "Linux 5.8 or newer with BTF (RHEL: 4.18 with its backports), on x86_64 or arm64";

    /// <summary>From the languages' own agents: what they run on.</summary>
    private static readonly MethodRequirement[] AgentVersions =
    [
        new(RuntimeVersion, ">=8", "java"), new(RuntimeVersion, "^18.19 || >=20.6", "nodejs"), new(RuntimeVersion, ">=3.10", "python"), new(RuntimeVersion, ">=8", "dotnet"),
    ];

    /// <summary>An agent inside needs a runtime to load it, and no other beside it.</summary>
    private static readonly MethodRequirement[] AgentInside = [new(Runtime), .. AgentVersions, new(PlainExec), new(Alone)];

    private static readonly MethodRequirement[] ObiGo = [new(RuntimeVersion, ">=1.17", "go")];

    public static IReadOnlyList<InstrumentationMethod> All { get; } =
    [
        new(
            "dotnet-attach", "Attach to the .NET runtime", "The agent opens a session with the runtime's diagnostic port, and turns its built-in meters and activities into OTLP.",
            "it acts on the running process, which keeps its pid, and detaching leaves it as it was", Both, MethodEffect.Running, ImageChange.Never, Inside: false,
            "the process's own user, or root", "a Gantry agent on the host, and `allow attach` in its guard file",
            [new(Runtime), new(RuntimeVersion, ">=8"), new(Alone), new(DiagnosticPort)], ["gantry", "dotnet-monitor"]),
        new(
            "obi-systemd", "OBI as a service of the host", "OpenTelemetry eBPF Instrumentation, beside the agent, makes RED and protocol spans of what goes through sockets and TLS libraries.",
            "no process is touched", Both, MethodEffect.Running, ImageChange.Never, Inside: false,
            "root, or the capabilities BPF, PERFMON, DAC_READ_SEARCH, CHECKPOINT_RESTORE, SYS_PTRACE and NET_RAW; NET_ADMIN too to pass traces on", EbpfNeeds, ObiGo, ["obi", "obi-ownership"]),
        new(
            "obi-daemonset", "OBI as a DaemonSet", "One OBI on each node, with the node's pids and network.", "no pod is touched", Both, MethodEffect.Running, ImageChange.Never, Inside: false,
            "privileged pods with hostPID and hostNetwork", EbpfNeeds + ", on every node", ObiGo, ["obi"]),
        new(
            "obi-ecs-daemon", "OBI as a DAEMON service of ECS", "One OBI on each instance, with the instance's pids and network.", "no task is touched", Both, MethodEffect.Running, ImageChange.Never, Inside: false,
            "a privileged task with pidMode host", EbpfNeeds + ", on every instance", ObiGo, ["obi", "obi-on-ecs"]),
        new(
            "obi-mi-daemon", "OBI as a managed daemon of ECS", "One OBI on each managed instance, as a managed daemon with pidMode shared.", "no task is touched", Both, MethodEffect.Running, ImageChange.Never, Inside: false,
            "a privileged managed daemon", EbpfNeeds + "; whether the instances' SELinux policy and lockdown allow it is untested", ObiGo, ["obi", "managed-instances", "conclusion"]),
        new(
            "sdk-metrics", "Metrics of the agent inside", "RED from the metrics of the agent that makes the traces, http.server.request.duration above all.",
            "it is exact whatever is sampled, and comes with the agent that makes the traces", Red, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "", "an agent in the process, as for transactions", [new(RequirementKind.Agent)], ["ecs-init"]),
        new(
            "spanmetrics", "Counted from spans", "The gateway counts RED from every span before any is dropped.", "it needs nothing but the spans", Red, MethodEffect.NextStart, ImageChange.Never, Inside: false,
            "", "spans that nothing sampled on the way: the gateway says so where it finds otherwise", [new(Spans)], ["lambda-layers"]),
        new(
            "socket-diagnostics", "Network view from the kernel's sockets", "The agent asks the kernel who talks to whom: bytes, round-trip times, retransmits, failed connects. No RED.",
            "it needs no eBPF and touches nothing", Red, MethodEffect.Running, ImageChange.Never, Inside: false,
            "none for the connections; root to name the processes of other users", "a Gantry agent on the host, or as a container of the task or pod", [], ["gantry"]),
        new(
            "cloud-metrics", "Metrics of the platform", "Requests, errors and durations as the load balancer, ECS Service Connect or Lambda count them.",
            "the platform has them already", Red, MethodEffect.Running, ImageChange.Never, Inside: false,
            "read access to the platform's metrics", "a load balancer, Service Connect or Lambda in front of the program", [], ["fargate"]),
        new(
            "injector-pkg", "OpenTelemetry Injector and language packages", "A preloaded library gives each new process the variables that make its runtime load the agent.",
            "it is set once for the whole host, and steered by files", Traces, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "root, for the packages and /etc/ld.so.preload", "the packages opentelemetry-injector and opentelemetry-<language>-autoinstrumentation",
            [.. AgentInside, new(Loader), new(Libc, "glibc", "dotnet"), new(Libc, "glibc", "python"), new(OnHost)], ["injector", "packaging"]),
        new(
            "unit-environment", "Environment of the systemd unit", "A drop-in gives one unit the variables that make its runtime load the agent.",
            "it touches one service and nothing else, and needs no preloaded library", Traces, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "root, for the drop-in", "the language's agent in a folder of the host",
            [.. AgentInside, new(Libc, "glibc", "python"), new(OnHost), new(Unit)], ["injector", "packaging"]),
        new(
            "operator", "OpenTelemetry Operator", "An Instrumentation resource and an annotation: the operator's webhook adds an init container with the agent to each new pod.",
            "no image changes, and the cluster does it by itself from then on", Traces, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "rights to install the operator, and to annotate the workload", "the operator, with cert-manager or certificates of its own", AgentInside, ["operator"]),
        new(
            "taskdef-init", "Init container in the task definition", "A container that ends at once copies the agent to a volume of the task; the program mounts it and gets the variables.",
            "no image changes, and it works on every launch type", Traces, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "rights to register a task definition and update its service", "Fargate platform 1.3 or newer, or a container agent 1.26 or newer", AgentInside, ["ecs-init"]),
        new(
            "baked", "Agent in the image", "The agent's files and variables are put into the program's image.", "it works wherever the image runs", Traces, MethodEffect.NextStart, ImageChange.Always, Inside: true,
            "", "a build of the image, and a new one for each new version of the agent", AgentInside, ["operator"]),
        new(
            "php-distro", "OpenTelemetry PHP Distro", "A package with the extension and the instrumentation, without Composer.", "it is one package, and can be steered over OpAMP", Traces, MethodEffect.NextStart, ImageChange.WhereThereAreImages, Inside: true,
            "root, for the package", "the distro's deb, rpm or apk for this PHP", [new(PlainExec), new(Alone)], ["php-distro"]),
        new(
            "ruby-gem", "OpenTelemetry Ruby, automatic", "RUBYOPT makes Ruby load the gem, from a folder of its own.", "the program's Gemfile stays as it is", Traces, MethodEffect.NextStart, ImageChange.WhereThereAreImages, Inside: true,
            "", "the gem's files, which no package brings yet", [new(PlainExec), new(Alone)], ["ruby"]),
        new(
            "lambda-otel-layer", "OpenTelemetry layers for Lambda", "A layer with the language's agent and one with a collector; a wrapper starts the runtime with them.",
            "the function's code and package stay as they are", Traces, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "rights to change the function's configuration", "the layers' ARNs for the region", AgentInside, ["lambda-layers"]),
        new(
            "lambda-adot-layer", "Layer of the AWS distribution", "One layer with the agent and all it needs; a wrapper starts the runtime with it.",
            "the function's code and package stay as they are", Traces, MethodEffect.NextStart, ImageChange.Never, Inside: true,
            "rights to change the function's configuration", "the layer's ARN for the region",
            [.. AgentInside, new(RuntimeVersion, "^8", "dotnet"), new(Architecture, "x64", "dotnet")], ["lambda-layers", "adot-dotnet"]),
        new(
            "otelc", "Go compile-time instrumentation", "The build puts the instrumentation in; the source stays as it is.", "it is the only way into Go without eBPF or a change of the code", Traces, MethodEffect.NextBuild, ImageChange.Always, Inside: true,
            "", "a build pipeline with Go 1.25 or newer and the otelc tool", [], ["otelc"]),
        new(
            "dotnet-eventpipe", "dotnet-monitor beside the program", "A second container reads the runtime's events over a shared folder.", "the program's image stays as it is", Red, MethodEffect.NextStart, ImageChange.Never, Inside: false,
            "a folder shared with the program, as its user", "dotnet-monitor; that it sends OTLP is not released yet", [new(Runtime), new(RuntimeVersion, ">=8")], ["dotnet-monitor"]),
        new(
            "manual-sdk", "SDK in the code", "A developer adds the OpenTelemetry SDK.", "it works everywhere", Both, MethodEffect.NextBuild, ImageChange.Always, Inside: true,
            "", "a change of the code", [], ["conclusion"]),
    ];
}
