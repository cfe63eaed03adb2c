namespace Gantry.Agent.Processes.Agents;

/// <summary>
/// The agents that are recognised. Sources: each vendor's own installation pages, which name these files and variables; for the profiler ids their
/// Dockerfiles. {918728DD-…} is upstream's and its distributions' alike, and {cf0d821e-…} that of a public sample: neither says who it is without a path.
/// </summary>
internal static class KnownAgents
{
    public const string Sdk = "OpenTelemetry SDK";
    public const string Injector = "OpenTelemetry Injector";

    private const string Java = "OpenTelemetry Java agent";
    private const string Node = "OpenTelemetry Node.js auto-instrumentation";
    private const string Python = "OpenTelemetry Python auto-instrumentation";
    private const string DotNet = "OpenTelemetry .NET auto-instrumentation";
    private const string Php = "OpenTelemetry PHP auto-instrumentation";
    private const string UpstreamProfiler = "{918728DD-259F-4A6A-AC2B-B85E1B658318}";

    public static IReadOnlyList<AgentSignature> All { get; } =
    [
        Vendor("Datadog",
            File("Datadog.Trace"), File("Datadog.Tracer"), File("Datadog.Linux.ApiWrapper"), File("ddtrace.so"), File("ddtrace-2"), File("dd-java-agent"),
            Path("/datadog-packages/"), Path("/datadog-lib/"), Path("/site-packages/ddtrace/"), Path("/dd-trace/"),
            Variable("DD_INJECTION_ENABLED"), Variable("DD_DOTNET_TRACER_HOME"), Value("PYTHONPATH", "ddtrace/bootstrap"),
            Profiler("{846F5F1C-F9AE-4B07-969E-05C26BC060D8}"), Jar("dd-java-agent"), Module("dd-trace"), Module("datadog/auto_instrument"), Module("ddtrace/auto_instrument")),
        Vendor("New Relic",
            File("libNewRelicProfiler.so"), File("newrelic.so"), File("newrelic-2"), Path("/site-packages/newrelic/"),
            Variable("CORECLR_NEWRELIC_HOME"), Variable("CORECLR_NEW_RELIC_HOME"), Variable("NEW_RELIC_CONFIG_FILE"), Value("PYTHONPATH", "newrelic/bootstrap"),
            Profiler("{36032161-FFC0-4B61-B559-F6C5D41BAE5A}"), Jar("newrelic"), Module("newrelic")),
        Vendor("Dynatrace",
            File("liboneagent"), Path("/dynatrace/oneagent"), Value("LD_PRELOAD", "liboneagent"), Value("LD_PRELOAD", "/dynatrace/"),
            Profiler("{B7038F67-52FC-4DA2-AB02-969B3C1EDA03}", "oneagent")),
        Vendor("AppDynamics",
            File("libappdprofiler.so"), File("appdynamics"), Path("/appdynamics-"), Profiler("{57E1AA68-2229-41AA-9931-A6E93BBC64D8}"),
            Jar("javaagent.jar", "ppdynamics"), Jar("javaagent.jar", "AppServerAgent"), Jar("javaagent.jar", "AppDynamics"), Module("appdynamics")),
        Vendor("Instana",
            File("libinstana"), File("Instana."), Value("LD_PRELOAD", "instana"), Value("DOTNET_STARTUP_HOOKS", "Instana."),
            Profiler("{CF0D821E-299B-5307-A3D8-B283C03916DD}", "CoreProfiler"), Profiler("{CF0D821E-299B-5307-A3D8-B283C03916DD}", "nstana"),
            Jar("instana"), Module("@instana/")),
        Vendor("Elastic APM",
            File("libelastic_apm"), File("elastic_apm"), File("Elastic.Apm"), Value("DOTNET_STARTUP_HOOKS", "ElasticApmAgentStartupHook"),
            Profiler("{FA65FE15-F085-4681-9B20-95E04F6C03CC}"), Jar("elastic-apm-agent"), Module("elastic-apm-node")),
        Distribution("Elastic Distribution of OpenTelemetry", [Java, Node, DotNet, Php, Python, Sdk],
            File("Elastic.OpenTelemetry"), File("elastic_otel_php"), Value("OTEL_DOTNET_AUTO_PLUGINS", "Elastic.OpenTelemetry"), Value("OTEL_PYTHON_DISTRO", "elastic_distro"),
            Jar("elastic-otel-javaagent"), Module("@elastic/opentelemetry-node")),
        Distribution("Splunk Distribution of OpenTelemetry", [Java, Node, DotNet, Python, Sdk],
            File("libsplunk.so"), File("Splunk.OpenTelemetry"), Value("OTEL_DOTNET_AUTO_PLUGINS", "Splunk.OpenTelemetry"), Value("OTEL_PYTHON_DISTRO", "splunk_distro"),
            Value("CORECLR_PROFILER_PATH", "splunk"), Jar("splunk-otel-javaagent"), Module("@splunk/otel"), Module("splunk-otel-js")),
        Distribution("AWS Distro for OpenTelemetry", [Java, Node, DotNet, Python, Sdk],
            File("AWS.Distro.OpenTelemetry"), Value("OTEL_DOTNET_AUTO_PLUGINS", "AWS.Distro.OpenTelemetry"), Value("OTEL_PYTHON_DISTRO", "aws_distro"),
            Jar("aws-opentelemetry-agent"), Module("@aws/aws-distro-opentelemetry")),
        Upstream(Java, [Sdk], Jar("opentelemetry-javaagent")),
        Upstream(Node, [Sdk], Module("@opentelemetry/auto-instrumentations-node"), Module("opentelemetry/nodejs/register")),
        Upstream(Python, [Sdk], Value("PYTHONPATH", "opentelemetry/instrumentation/auto_instrumentation"), Value("PYTHONPATH", "/opentelemetry/python")),
        Upstream(DotNet, [Sdk],
            File("OpenTelemetry.AutoInstrumentation"), Profiler(UpstreamProfiler), Value("DOTNET_STARTUP_HOOKS", "OpenTelemetry.AutoInstrumentation.StartupHook")),
        Upstream("OpenTelemetry Ruby auto-instrumentation", [Sdk], Module("opentelemetry-auto-instrumentation")),
        Upstream(Php, [Sdk], File("opentelemetry_php_distro"), File("opentelemetry.so"), Variable("OTEL_PHP_AUTOLOAD_ENABLED")),
        Upstream("OpenTelemetry web server module", [Sdk], File("libopentelemetry_webserver_sdk"), File("otel_ngx_module"), File("ngx_otel_module"), File("mod_otel.so")),
        // A carrier only: what it brings in is recognised for itself.
        new(Injector, StopsInjection: false, IsUpstream: true, [], [File("libotelinject.so")]),
        new(Sdk, StopsInjection: true, IsUpstream: true, [],
        [
            new Mark(MarkKind.MappedMemory, "OTEL_CTX"), File("OpenTelemetry.dll"), File("libopentelemetry_trace"), File("libopentelemetry_cpp"),
            Path("/site-packages/opentelemetry/sdk/"), Module("@opentelemetry/sdk-node"),
        ]),
    ];

    private static AgentSignature Vendor(string name, params Mark[] marks) => new(name, StopsInjection: true, IsUpstream: false, [Sdk], marks);

    private static AgentSignature Distribution(string name, string[] brings, params Mark[] marks) => new(name, StopsInjection: true, IsUpstream: false, brings, marks);

    private static AgentSignature Upstream(string name, string[] brings, params Mark[] marks) => new(name, StopsInjection: true, IsUpstream: true, brings, marks);

    private static Mark File(string prefix) => new(MarkKind.MappedFile, prefix);

    private static Mark Path(string part) => new(MarkKind.MappedPath, part);

    private static Mark Variable(string name) => new(MarkKind.Variable, name);

    private static Mark Value(string variable, string part) => new(MarkKind.Value, part, variable);

    private static Mark Profiler(string id, string path = "") => new(MarkKind.Profiler, id, path);

    private static Mark Jar(string prefix, string folder = "") => new(MarkKind.JavaAgent, prefix, folder);

    private static Mark Module(string part) => new(MarkKind.Module, part);
}
