using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Tests.Pipelines;
using YamlDotNet.RepresentationModel;

namespace Gantry.Hub.Tests.Configurations;

public class CompileTests
{
    private static readonly string[] Collectors =
    [
        Documents.Collector("edge", """
            extensions:
              basicauth/in: {htpasswd: {file: /etc/htpasswd}}
              file_storage: {directory: /var/lib/otelcol}
            receivers:
              otlp:
                protocols:
                  grpc: {endpoint: localhost:4317, auth: {authenticator: basicauth/in}}
            processors:
              batch: {timeout: 1s}
              filter/health:
                traces:
                  span:
                    - attributes["http.route"] == "/health"
              memory_limiter: {check_interval: 1s, limit_percentage: 80}
            exporters:
              otlphttp/second:
                endpoint: https://second.example
                headers: {authorization: "Bearer ${env:SECOND}"}
                sending_queue: {storage: file_storage}
            connectors:
              routing:
                default_pipelines: [traces/out]
                table:
                  - statement: route() where attributes["x"] == "1"
                    pipelines: [traces/out]
            service:
              extensions: [basicauth/in, file_storage]
              telemetry: {logs: {level: warn}, resource: {team: edge}}
              pipelines:
                traces: {receivers: [otlp], processors: [batch, filter/health, memory_limiter], exporters: [routing]}
                traces/out: {receivers: [routing], exporters: [destination/backend, otlphttp/second]}
            """),
        Documents.Collector("web", """
            receivers:
              filelog:
                include: [/var/log/web/*.log]
                start_at: "beginning"
                poll_interval: 200ms
                operators:
                  - type: regex_parser
                    regex: '^(?P<time>\S+) (?P<sev>[A-Z]*) "(?P<msg>.*)"$'
                  - {type: noop, id: "007", if: "true"}
              empty: {}
            processors:
              transform:
                log_statements: |
                  set(a, 1)

                  set(b, "x: y")
              resource: {attributes: []}
            service:
              telemetry: {logs: {level: info, encoding: json}}
              pipelines:
                logs: {receivers: [filelog, empty], processors: [transform, resource], exporters: [destination/backend]}
            """, more: "  priority: 5\n  processorOrder: asWritten\n"),
    ];

    private static readonly Destination Backend = Documents.Read<Destination>(Documents.Destination("backend", more: "  headers: {x-scope: '${env:TENANT}', authorization: 'Bearer ${file:/run/token}'}\n  tls: {caFile: /etc/ca.pem}\n"));

    [Fact]
    public void Several_collector_pipelines_are_one_configuration_with_stable_names()
    {
        var outcome = Compile(AgentKind.Collector, Collectors);

        Assert.Empty(outcome.Problems);
        Assert.Equal(
            """
            # Made by Gantry; what is changed here is overwritten.
            # Pipelines: web, edge
            receivers:
              empty/web: {}
              filelog/web:
                include:
                  - /var/log/web/*.log
                start_at: "beginning"
                poll_interval: 200ms
                operators:
                  - type: regex_parser
                    regex: "^(?P<time>\\S+) (?P<sev>[A-Z]*) \"(?P<msg>.*)\"$"
                  - type: noop
                    id: "007"
                    if: "true"
              otlp/edge:
                protocols:
                  grpc:
                    endpoint: localhost:4317
                    auth:
                      authenticator: basicauth/edge/in
            processors:
              batch/edge:
                timeout: 1s
              filter/edge/health:
                traces:
                  span:
                    - attributes["http.route"] == "/health"
              memory_limiter/edge:
                check_interval: 1s
                limit_percentage: 80
              resource/web:
                attributes: []
              transform/web:
                log_statements: |
                  set(a, 1)

                  set(b, "x: y")
            exporters:
              otlphttp/edge/second:
                endpoint: https://second.example
                headers:
                  authorization: "Bearer ${env:SECOND}"
                sending_queue:
                  storage: file_storage/edge
              otlphttp/to_backend:
                endpoint: "https://otel.example:4318"
                compression: gzip
                headers:
                  authorization: "Bearer ${file:/run/token}"
                  x-scope: "${env:TENANT}"
                tls:
                  ca_file: "/etc/ca.pem"
            connectors:
              routing/edge:
                default_pipelines:
                  - traces/edge/out
                table:
                  - statement: route() where attributes["x"] == "1"
                    pipelines:
                      - traces/edge/out
            extensions:
              basicauth/edge/in:
                htpasswd:
                  file: /etc/htpasswd
              file_storage/edge:
                directory: /var/lib/otelcol
            service:
              extensions:
                - basicauth/edge/in
                - file_storage/edge
              telemetry:
                logs:
                  encoding: json
                  level: info
                resource:
                  team: edge
              pipelines:
                logs/web:
                  receivers:
                    - filelog/web
                    - empty/web
                  processors:
                    - transform/web
                    - resource/web
                  exporters:
                    - otlphttp/to_backend
                traces/edge:
                  receivers:
                    - otlp/edge
                  processors:
                    - memory_limiter/edge
                    - filter/edge/health
                    - batch/edge
                  exporters:
                    - routing/edge
                traces/edge/out:
                  receivers:
                    - routing/edge
                  exporters:
                    - otlphttp/to_backend
                    - otlphttp/edge/second

            """,
            Body(outcome.Config));
        Assert.Equal("d134674b", outcome.Config.Hash[..8]);
    }

    [Fact]
    public void What_is_written_reads_as_what_was_meant()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Body(Compile(AgentKind.Collector, Collectors).Config)));

        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var filelog = root["receivers"]["filelog/web"];
        Assert.Equal(@"^(?P<time>\S+) (?P<sev>[A-Z]*) ""(?P<msg>.*)""$", Text(filelog["operators"][0]["regex"]));
        Assert.Equal("set(a, 1)\n\nset(b, \"x: y\")\n", Text(root["processors"]["transform/web"]["log_statements"]));
        Assert.Equal("007", Text(filelog["operators"][1]["id"]));
    }

    [Fact]
    public void Any_order_of_the_same_resources_gives_the_same_bytes()
    {
        var alloy = new[] { Exporting, Importing, Documents.Alloy("other", "local.file \"x\" { }") };
        var random = new Random(4);
        var (collector, module) = (Compile(AgentKind.Collector, Collectors).Config, Compile(AgentKind.Alloy, alloy).Config);

        for (var i = 0; i < 50; i++)
        {
            random.Shuffle(Collectors);
            random.Shuffle(alloy);
            Assert.Equal(collector.Hash, Compile(AgentKind.Collector, Collectors).Config.Hash);
            Assert.Equal(module.Hash, Compile(AgentKind.Alloy, alloy).Config.Hash);
        }
    }

    [Fact]
    public void Each_setting_has_its_origin_in_a_resource_and_its_line()
    {
        var origins = Compile(AgentKind.Collector, Collectors).Config.Origins.ToDictionary(origin => origin.Path, origin => $"{origin.Resource}:{origin.Line}");

        Assert.Equal("pipelines/edge:16", origins["processors.batch/edge.timeout"]);
        Assert.Equal("pipelines/web:14", origins["receivers.filelog/web.operators[0].type"]);
        Assert.Equal("pipelines/web:26", origins["service.telemetry.logs.level"]);
        Assert.Equal("pipelines/edge:35", origins["service.telemetry.resource.team"]);
        Assert.Equal("destinations/backend:6", origins["exporters.otlphttp/to_backend.endpoint"]);
        Assert.Equal("pipelines/edge:38", origins["service.pipelines.traces/edge/out.exporters[0]"]);
    }

    [Fact]
    public void A_new_collector_is_told_the_new_names_of_exporters()
    {
        var body = Body(Compile(AgentKind.Collector, Collectors, newNames: true).Config);

        Assert.Contains("\n  otlp_http/to_backend:\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("otlphttp/to_backend", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_without_its_destination_is_left_out_and_the_others_stay()
    {
        var outcome = Compile(AgentKind.Collector, [Documents.Simple("lost", destination: "gone"), Documents.Simple("edge")]);

        var problem = Assert.Single(outcome.Problems);
        Assert.Equal(("pipelines/lost", "there is no Destination gone"), (problem.Resource, problem.Message));
        Assert.Contains("batch/edge", Body(outcome.Config), StringComparison.Ordinal);
        Assert.DoesNotContain("lost", Body(outcome.Config), StringComparison.Ordinal);
    }

    private static readonly string Exporting = Documents.Alloy("self-metrics", """
        // keeps its comments
        prometheus.remote_write "x" {
        	endpoint {
        		url = `raw
        text`
        	}
        }
        export "receiver" {
        	value = prometheus.remote_write.x.receiver
        }
        """);

    private static readonly string Importing = Documents.Alloy("apps", """
        argument "attributes" { }
        otelcol.receiver.otlp "in" {
        	output {
        		traces = [argument.destinations.value["backend"]]
        	}
        }
        prometheus.scrape "apps" {
        	targets    = [{"__address__" = "localhost:1", "id" = argument.attributes.value["collector.ID"], "team" = argument.attributes.value.team}]
        	forward_to = [argument.pipeline_exports.value["self-metrics"]["receiver"]]
        }
        """);

    [Fact]
    public void Alloy_pipelines_are_modules_that_are_made_once_with_what_they_ask_for()
    {
        var outcome = Compile(AgentKind.Alloy, [Exporting, Importing], attributes: new() { ["collector.ID"] = "a\"b" });

        Assert.Empty(outcome.Problems);
        Assert.Equal(
            """
            // Made by Gantry; what is changed here is overwritten.
            // Pipelines: apps, self-metrics

            local.file "to_backend_1" {
            	filename  = "/run/token"
            	is_secret = true
            }

            otelcol.exporter.otlphttp "to_backend" {
            	client {
            		endpoint    = "https://otel.example:4318"
            		compression = "gzip"
            		headers = {
            			"authorization" = "Bearer " + local.file.to_backend_1.content,
            			"x-scope" = sys.env("TENANT"),
            		}
            		tls {
            			ca_file = "/etc/ca.pem"
            		}
            	}
            }

            declare "apps" {
            argument "destinations" { }

            argument "pipeline_exports" { }

            argument "attributes" { }
            otelcol.receiver.otlp "in" {
            	output {
            		traces = [argument.destinations.value["backend"]]
            	}
            }
            prometheus.scrape "apps" {
            	targets    = [{"__address__" = "localhost:1", "id" = argument.attributes.value["collector.ID"], "team" = argument.attributes.value.team}]
            	forward_to = [argument.pipeline_exports.value["self-metrics"]["receiver"]]
            }
            }

            apps "default" {
            	attributes = {
            		"collector.ID" = "a\"b",
            		"team" = "",
            	}
            	destinations = {
            		"backend" = otelcol.exporter.otlphttp.to_backend.input,
            	}
            	pipeline_exports = {
            		"self-metrics" = {
            			"receiver" = self_metrics.default.receiver,
            		},
            	}
            }

            declare "self_metrics" {
            // keeps its comments
            prometheus.remote_write "x" {
            	endpoint {
            		url = `raw
            text`
            	}
            }
            export "receiver" {
            	value = prometheus.remote_write.x.receiver
            }
            }

            self_metrics "default" { }

            """,
            Body(outcome.Config));
        Assert.NotNull(Gantry.Estate.Alloy.AlloyParser.Parse(Body(outcome.Config), out _));
        Assert.Contains(outcome.Config.Origins, origin => origin is { Path: "apps.default/prometheus.scrape.apps", Resource: "pipelines/apps", Line: 14 });
    }

    [Fact]
    public void An_import_without_its_export_leaves_the_importing_pipeline_out()
    {
        var outcome = Compile(AgentKind.Alloy, [Importing]);

        Assert.Contains("does not match this agent", Assert.Single(outcome.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("// Made by Gantry; what is changed here is overwritten.\n// No pipeline matches this agent.\n", Body(outcome.Config));
    }

    [Fact]
    public void Imports_in_a_circle_leave_one_of_them_out()
    {
        static string Ring(string name, string next) => Documents.Alloy(name, $$"""
            a.b "x" {
            	c = argument.pipeline_exports.value["{{next}}"]["out"]
            }
            export "out" {
            	value = 1
            }
            """);

        var outcome = Compile(AgentKind.Alloy, [Ring("one", "two"), Ring("two", "one")]);

        Assert.Equal(2, outcome.Problems.Count);
        Assert.Contains("in turn", outcome.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_sdks_are_json_texts_and_the_higher_priority_goes_first()
    {
        var outcome = Compile(
            AgentKind.Sdk,
            [Documents.Sdk("base", "{log_level: info, sampling_rate: 0.1, send_logs: true, OTEL_TRACES_SAMPLER_ARG: 0.5}"), Documents.Sdk("noisy", "{log_level: debug}", more: "  priority: 10\n")]);

        Assert.Equal(["elastic", "otel"], outcome.Config.Files.Select(file => file.Name));
        Assert.Equal("""{"log_level":"debug","sampling_rate":"0.1","send_logs":"true"}""", Encoding.UTF8.GetString(outcome.Config.Files[0].Body.Span));
        Assert.Equal("""{"OTEL_TRACES_SAMPLER_ARG":"0.5"}""", Encoding.UTF8.GetString(outcome.Config.Files[1].Body.Span));
        Assert.Contains(outcome.Config.Origins, origin => origin is { Path: "log_level", Resource: "pipelines/noisy" });
    }

    [Fact]
    public void Settings_of_obi_are_put_together_with_lists_in_order()
    {
        static string Obi(string name, string contents, int priority) => Documents.Head("Pipeline", name) + $"  type: obi\n  matchers: [env=prod]\n  priority: {priority}\n  contents: {contents}\n";

        var outcome = Compile(AgentKind.Gantry, [Obi("a", "{discovery: {instrument: [{open_ports: 80}, {open_ports: 443}]}, log_level: info}", 0), Obi("b", "{discovery: {instrument: [{open_ports: 8080}, {open_ports: 80}]}, log_level: warn}", 1)]);

        Assert.EndsWith(
            "discovery:\n  instrument:\n    - open_ports: 8080\n    - open_ports: 80\n    - open_ports: 443\nlog_level: warn\n", Encoding.UTF8.GetString(Assert.Single(outcome.Config.Files).Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AgentKind.Collector, "# No pipeline matches this agent.\nreceivers:\n  nop:\n")]
    [InlineData(AgentKind.Alloy, "// No pipeline matches this agent.\n")]
    [InlineData(AgentKind.Gantry, "# No pipeline matches this agent.\n")]
    [InlineData(AgentKind.Sdk, "{}")]
    public void Nothing_is_never_an_empty_file(AgentKind kind, string words) =>
        Assert.Contains(words, Encoding.UTF8.GetString(Assert.Single(Compile(kind, []).Config.Files).Body.Span), StringComparison.Ordinal);

    [Fact]
    public void The_hash_is_of_names_types_and_bodies()
    {
        static string Hash(params ConfigFile[] files) => ConfigCompiler.HashOf(files);
        var one = new ConfigFile("a", "text/yaml", "bc"u8.ToArray());

        Assert.Equal(64, Hash(one).Length);
        Assert.Equal(5, new[] { Hash(one), Hash(one with { Name = "ab", Body = "c"u8.ToArray() }), Hash(one with { ContentType = "text/plain" }), Hash(one with { Body = "bd"u8.ToArray() }), Hash(one, one) }.Distinct().Count());
    }

    private static CompileOutcome Compile(AgentKind kind, IEnumerable<string> documents, bool newNames = false, Dictionary<string, string>? attributes = null) => ConfigCompiler.Compile(
        new CompileInput(kind, [.. documents.Select(Documents.Read<Pipeline>)], name => name == "backend" ? Backend : null, attributes ?? [], newNames));

    private static string Body(CompiledConfig config) => Encoding.UTF8.GetString(Assert.Single(config.Files).Body.Span);

    private static string? Text(YamlNode node) => ((YamlScalarNode)node).Value;
}
