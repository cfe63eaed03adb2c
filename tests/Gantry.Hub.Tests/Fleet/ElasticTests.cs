using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Gantry.Estate.Agents;
using Gantry.Hub.Fleet.Views;
using Gantry.Protocol.OpAmp;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>OpAMP clients that others wrote, over plain HTTP: Elastic's client alone, and a real application under Elastic's distribution of OpenTelemetry.</summary>
public sealed class ElasticTests
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "Gantry.Hub.Tests", "elastic");

    [Fact]
    public async Task The_client_is_offered_once_says_what_became_of_it_and_a_failure_is_not_offered_again()
    {
        var assignments = new SetAssignments();
        assignments.Set(nameof(AgentKind.Sdk), "{\"logging_level\":\"info\"}", "elastic", "application/json", AgentKind.Sdk);
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        using var node = Start("client.js", ("OPAMP", hub.OpAmp.ToString()));

        var first = await node.EventAsync("config");
        Assert.Equal(("elastic", "application/json", "{\"logging_level\":\"info\"}"), (first.GetProperty("name").GetString(), first.GetProperty("contentType").GetString(), first.GetProperty("body").GetString()));
        var agent = await OnlyAgentAsync(hub, AgentStates.Applied);
        Assert.Equal(("cart", "sdk", "http", first.GetProperty("hash").GetString()), (agent.Agent.Kind, agent.Agent.ConfigKind, agent.Agent.Transport, agent.Agent.ReportedHash));

        assignments.Set(nameof(AgentKind.Sdk), "{\"broken\":1}", "elastic", "application/json", AgentKind.Sdk);
        await node.EventAsync("config");
        var failed = await OnlyAgentAsync(hub, AgentStates.Failed);
        Assert.Equal(("it is broken", 1), (failed.Message, failed.Attempts));
        Assert.Equal("it is broken", Assert.Single(failed.Rejected).Message);

        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(2, node.Lines.Count(line => line.Contains("\"config\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(node.Lines, line => line.Contains("\"warn\"", StringComparison.Ordinal) || line.Contains("\"error\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_application_changes_sampling_signals_and_log_level_while_it_runs()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments);
        await using var sink = await OtlpSink.StartAsync();
        using var node = Start(
            "app.js",
            ("ELASTIC_OTEL_OPAMP_ENDPOINT", hub.OpAmp.ToString()), ("ELASTIC_OTEL_EXPERIMENTAL_OPAMP_HEARTBEAT_INTERVAL", "200"), ("OTEL_SERVICE_NAME", "cart"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Address.ToString().TrimEnd('/')), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_NODE_RESOURCE_DETECTORS", "env,host,os,process,serviceinstance"),
            ("NODE_OPTIONS", "--import @elastic/opentelemetry-node"));
        await node.LineAsync("recording=true");
        await Eventually.True("spans are sent", () => Traces(sink) > 0);

        // The rate: what is started from now on is not recorded.
        Set("{\"sampling_rate\":0}");
        await node.LineAsync("recording=false");
        var agent = await OnlyAgentAsync(hub, AgentStates.Applied);
        Assert.Equal(("cart", "sdk"), (agent.Agent.Kind, agent.Agent.ConfigKind));
        Set("{\"sampling_rate\":1}");
        await node.LineAsync("recording=true");

        // The signals: recorded, and not sent.
        Set("{\"sampling_rate\":1,\"send_traces\":false}");
        await node.LineAsync("\\\"send_traces\\\" to \\\"false\\\"");
        await Task.Delay(TimeSpan.FromSeconds(1));
        var sent = Traces(sink);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(sent, Traces(sink));
        Set("{\"sampling_rate\":1,\"send_traces\":true}");
        await Eventually.True("spans are sent again", () => Traces(sink) > sent);

        // The log level: at debug the distribution says what it received.
        Assert.DoesNotContain(node.Lines, line => line.Contains("received remoteConfig", StringComparison.Ordinal));
        Set("{\"sampling_rate\":1,\"send_traces\":true,\"logging_level\":\"debug\"}");
        await node.LineAsync("\\\"logging_level\\\" to \\\"debug\\\"");
        Set("{\"sampling_rate\":0.5,\"send_traces\":true,\"logging_level\":\"debug\"}");
        await node.LineAsync("received remoteConfig");

        // All that in one process.
        Assert.Single(node.Lines.Where(line => line.StartsWith("pid=", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).Distinct());

        void Set(string body) => assignments.Set(nameof(AgentKind.Sdk), body, "elastic", "application/json", AgentKind.Sdk);
    }

    private static int Traces(OtlpSink sink) => sink.Requests.Count(request => request.Path == "/v1/traces");

    private static async Task<AgentDetail> OnlyAgentAsync(HubFixture hub, string state) => await Eventually.Get($"one agent that is {state}", async () =>
    {
        var rows = await hub.GetAsync<Hub.Coverage.AgentRow[]>("agents");
        return rows is [var row] && row.State == state ? await hub.GetAsync<AgentDetail>($"agents/{row.Id}") : null;
    });

    private static NodeProcess Start(string script, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("node", [script]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new NodeProcess(Process.Start(start)!);
    }

    private sealed class NodeProcess : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _lines = new();
        private int _heard;

        public NodeProcess(Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public IReadOnlyCollection<string> Lines => _lines;

        /// <summary>The next line that has these words, of those after the one heard last.</summary>
        public async Task<string> LineAsync(string words) => await Eventually.Get($"the application says {words}; it said: {string.Join('\n', _lines.TakeLast(5))}", () =>
        {
            var lines = _lines.ToArray();
            var at = Array.FindIndex(lines, Math.Min(_heard, lines.Length), line => line.Contains(words, StringComparison.Ordinal));
            _heard = at < 0 ? _heard : at + 1;
            return Task.FromResult(at < 0 ? null : lines[at]);
        }, TimeSpan.FromSeconds(30));

        public async Task<JsonElement> EventAsync(string name) => JsonDocument.Parse(await LineAsync($"\"event\":\"{name}\"")).RootElement;

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private void Keep(string? line)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
            }
        }
    }
}
