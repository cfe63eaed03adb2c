using System.Text;
using Gantry.Agent.Processes.Agents;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Processes;

public sealed class AgentFinderTests
{
    private const string Upstream = "CORECLR_PROFILER={918728DD-259F-4A6A-AC2B-B85E1B658318}";

    [Theory]
    [InlineData("/opt/dynatrace/oneagent/agent/lib64/liboneagentproc.so", "Dynatrace", "liboneagentproc.so is mapped")]
    [InlineData("/opt/datadog/linux-x64/Datadog.Trace.ClrProfiler.Native.so", "Datadog", "Datadog.Trace.ClrProfiler.Native.so is mapped")]
    [InlineData("/usr/local/newrelic-dotnet-agent/libNewRelicProfiler.so", "New Relic", "libNewRelicProfiler.so is mapped")]
    [InlineData("/opt/instana/libinstana_init.so", "Instana", "libinstana_init.so is mapped")]
    [InlineData("/app/OpenTelemetry.dll", "OpenTelemetry SDK", "OpenTelemetry.dll is mapped")]
    [InlineData("/memfd:OTEL_CTX (deleted)", "OpenTelemetry SDK", "memory named OTEL_CTX is mapped")]
    [InlineData("[anon:OTEL_CTX]", "OpenTelemetry SDK", "memory named OTEL_CTX is mapped")]
    [InlineData("/usr/lib/opentelemetry/injector/libotelinject.so", "OpenTelemetry Injector", "libotelinject.so is mapped")]
    public void A_mapped_file_tells_an_agent(string path, string name, string rule) =>
        Assert.Equal(new FoundAgent(name, rule, name != "OpenTelemetry Injector"), Assert.Single(Find(maps: [path])));

    [Theory]
    [InlineData("/app/OpenTelemetry.Api.dll")]
    [InlineData("/tmp/OTEL_CTX")]
    [InlineData("/usr/lib/libc.so.6")]
    public void What_is_no_agent_is_none(string path) => Assert.Empty(Find(maps: [path]));

    [Theory]
    [InlineData("DD_INJECTION_ENABLED=tracing", "Datadog", "DD_INJECTION_ENABLED is set")]
    [InlineData("PYTHONPATH=/x/site-packages/ddtrace/bootstrap:/y", "Datadog", "PYTHONPATH names ddtrace/bootstrap")]
    [InlineData("PYTHONPATH=/x/opentelemetry/instrumentation/auto_instrumentation", "OpenTelemetry Python auto-instrumentation", "PYTHONPATH names opentelemetry/instrumentation/auto_instrumentation")]
    [InlineData("JAVA_TOOL_OPTIONS=-Xmx1g -javaagent:/opt/elastic-apm-agent-1.50.jar=secret=1", "Elastic APM", "elastic-apm-agent-1.50.jar is a -javaagent")]
    [InlineData("NODE_OPTIONS=--require /app/node_modules/dd-trace/init.js", "Datadog", "dd-trace is loaded first")]
    [InlineData("NODE_OPTIONS=--import=@splunk/otel/instrument", "Splunk Distribution of OpenTelemetry", "@splunk/otel is loaded first")]
    [InlineData("NODE_OPTIONS=-r @opentelemetry/auto-instrumentations-node/register", "OpenTelemetry Node.js auto-instrumentation", "@opentelemetry/auto-instrumentations-node is loaded first")]
    [InlineData("RUBYOPT=-ropentelemetry-auto-instrumentation", "OpenTelemetry Ruby auto-instrumentation", "opentelemetry-auto-instrumentation is loaded first")]
    [InlineData("OTEL_PHP_AUTOLOAD_ENABLED=true", "OpenTelemetry PHP auto-instrumentation", "OTEL_PHP_AUTOLOAD_ENABLED is set")]
    public void The_environment_tells_an_agent(string variable, string name, string rule) =>
        Assert.Equal(new FoundAgent(name, rule, true), Assert.Single(Find(environment: ["PATH=/bin", variable])));

    [Fact]
    public void A_profilers_id_counts_only_when_profiling_is_on_and_with_the_path_where_the_id_is_shared()
    {
        Assert.Empty(Find(environment: ["CORECLR_ENABLE_PROFILING=0", Upstream]));
        Assert.Equal("OpenTelemetry .NET auto-instrumentation", Assert.Single(Find(environment: [Upstream, "CORECLR_ENABLE_PROFILING=1"])).Name);
        Assert.Equal("Splunk Distribution of OpenTelemetry", Assert.Single(Find(environment:
            [Upstream, "CORECLR_ENABLE_PROFILING=1", "CORECLR_PROFILER_PATH=/usr/lib/splunk-instrumentation/OpenTelemetry.AutoInstrumentation.Native.so"])).Name);
        Assert.Equal("Instana", Assert.Single(Find(environment:
            ["CORECLR_PROFILER_PATH_64=/app/CoreProfiler.so", "CORECLR_PROFILER={cf0d821e-299b-5307-a3d8-b283c03916dd}", "CORECLR_ENABLE_PROFILING=1"])).Name);
        Assert.Equal("a .NET profiler", Assert.Single(Find(environment: ["CORECLR_PROFILER={cf0d821e-299b-5307-a3d8-b283c03916dd}", "CORECLR_ENABLE_PROFILING=1"])).Name);
    }

    [Theory]
    [InlineData("java", "java -javaagent:/opt/appdynamics/ver1/javaagent.jar -jar shop.jar", "AppDynamics")]
    [InlineData("java", "java -javaagent:/opt/tool/javaagent.jar -jar shop.jar", "")]
    [InlineData("java", "java -javaagent:/a/aws-opentelemetry-agent.jar -jar shop.jar", "AWS Distro for OpenTelemetry")]
    [InlineData("java", "java -javaagent:/a/opentelemetry-javaagent.jar -jar shop.jar", "OpenTelemetry Java agent")]
    [InlineData("nodejs", "node -r newrelic app.js", "New Relic")]
    [InlineData("nodejs", "node --import @elastic/opentelemetry-node app.js", "Elastic Distribution of OpenTelemetry")]
    [InlineData("nodejs", "node newrelic", "")]
    [InlineData("", "grep -r newrelic", "")]
    public void The_command_line_tells_an_agent(string language, string command, string name) =>
        Assert.Equal(name, string.Join(",", Find(command: command, language: language).Select(agent => agent.Name)));

    [Fact]
    public void What_an_agent_brings_along_is_no_second_one()
    {
        Assert.Equal(["OpenTelemetry .NET auto-instrumentation"],
            Find(maps: ["/otel/net/OpenTelemetry.dll", "/otel/OpenTelemetry.AutoInstrumentation.Native.so"]).Select(agent => agent.Name));
        Assert.Equal(["Datadog", "New Relic"], Find(maps: ["/a/libNewRelicProfiler.so", "/a/ddtrace.so"]).Select(agent => agent.Name));
    }

    [Fact]
    public void What_Gantry_put_there_is_no_other_agent()
    {
        string[] jar = ["JAVA_TOOL_OPTIONS=-javaagent:/x/opentelemetry-javaagent.jar"];
        Assert.Single(Find(environment: jar));
        Assert.Empty(Find(environment: [.. jar, "GANTRY_INSTRUMENTED=shop/payments"]));
        Assert.Equal("Datadog", Assert.Single(Find(environment: [.. jar, "GANTRY_INSTRUMENTED=1", "DD_INJECTION_ENABLED=1"])).Name);
    }

    [Fact]
    public void What_the_injector_brings_is_no_other_agent_when_Gantry_configures_it()
    {
        string[] maps = ["/usr/lib/opentelemetry/injector/libotelinject.so", "/usr/lib/opentelemetry/dotnet/glibc/OpenTelemetry.AutoInstrumentation.dll"];

        Assert.Equal(2, Find(maps: maps).Count);
        Assert.Empty(Find(maps: maps, isInjectorOwn: true));
        Assert.Single(Find(maps: maps[1..], isInjectorOwn: true));

        // The program's own, from another place or by its own environment: the injector would bring a second one.
        Assert.Equal("OpenTelemetry .NET auto-instrumentation", Assert.Single(Find(maps: [maps[0], "/app/OpenTelemetry.AutoInstrumentation.dll"], isInjectorOwn: true)).Name);
        Assert.Equal("OpenTelemetry Java agent", Assert.Single(Find(maps: maps[..1], environment: ["JAVA_TOOL_OPTIONS=-javaagent:/opt/otel/opentelemetry-javaagent.jar"], isInjectorOwn: true)).Name);
    }

    [Fact]
    public void Each_agent_has_a_name_of_its_own_and_brings_along_only_known_ones()
    {
        var names = KnownAgents.All.Select(agent => agent.Name).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(KnownAgents.All.SelectMany(agent => agent.BringsAlong), name => Assert.Contains(name, names));
        Assert.All(KnownAgents.All.SelectMany(agent => agent.Marks), mark => Assert.True(mark.Text.Length > 4));
    }

    private static IReadOnlyList<FoundAgent> Find(string[]? maps = null, string[]? environment = null, string command = "", string language = "", bool isInjectorOwn = false)
    {
        var finder = new AgentFinder { IsInjectorOwn = isInjectorOwn };
        // What another process had is forgotten.
        finder.TakeMapping("/opt/liboneagentproc.so"u8);
        finder.TakeEnvironment("CORECLR_ENABLE_PROFILING=1\0CORECLR_PROFILER=x\0GANTRY_INSTRUMENTED=1\0"u8);
        finder.Restart();
        foreach (var path in maps ?? [])
        {
            finder.TakeMapping(Encoding.UTF8.GetBytes(path));
        }

        finder.TakeCommandLine(Encoding.UTF8.GetBytes(command.Replace(' ', '\0')), language);
        finder.TakeEnvironment(Encoding.UTF8.GetBytes(string.Concat((environment ?? []).Select(entry => entry + "\0"))));
        return finder.Result().Agents.ToArray();
    }
}
