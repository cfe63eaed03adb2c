using Gantry.Estate.Pipelines;

namespace Gantry.Hub.Tests.Pipelines;

public class PipelineReaderTests
{
    private const string Rest = "service:\n  pipelines:\n    traces: {receivers: [otlp], exporters: [debug]}";

    [Fact]
    public void Contents_are_the_same_as_text_and_inline()
    {
        var text = Documents.Read<Pipeline>(Documents.Simple("edge"));
        var inline = Documents.Read<Pipeline>(Documents.Head("Pipeline", "edge") + """
              type: otelcol
              matchers: [env=prod]
              priority: 7
              displayName: The edge
              enabled: false
              contents:
                receivers:
                  otlp:
                    protocols: {grpc: {endpoint: localhost:4317}}
                processors:
                  batch:
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [batch], exporters: [destination/backend]}
            """);

        Assert.Equal((7, "The edge", false), (inline.Priority, inline.DisplayName, inline.Enabled));
        Assert.Equal((0, "edge", true), (text.Priority, text.DisplayName, text.Enabled));
        foreach (var config in new[] { text, inline }.Select(pipeline => Assert.IsType<CollectorContents>(pipeline.Contents).Config))
        {
            Assert.Equal([("receivers", "otlp"), ("processors", "batch")], config.Components.Select(component => (component.Section, component.Id)));
            Assert.Equal("destination/backend", Assert.Single(config.Destinations).Text);
            Assert.Equal("4317/tcp", Assert.Single(config.Ports).ToString());
        }
    }

    /// <summary>Contents begin in line 8 and column 5; the rest of the document is sound.</summary>
    [Theory]
    [InlineData("receivers: {otlp: }\nexporters: {debug: }\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [debgu]}}}", 10, 67, "spec.contents.service.pipelines.traces.exporters[0]", "is not defined; exporters and connectors have debug")]
    [InlineData("receiver: {otlp: }\n" + Rest, 8, 5, "spec.contents.receiver", "did you mean receivers?")]
    [InlineData("receivers: {otlp: , otlp: }\nexporters: {debug: }\n" + Rest, 8, 25, "spec.contents.receivers.otlp", "is there twice")]
    [InlineData("receivers: {otlp: {a: 1, a: 2}}\nexporters: {debug: }\n" + Rest, 8, 30, "spec.contents.receivers.otlp.a", "is there twice")]
    [InlineData("receivers: {'otlp in': }\nexporters: {debug: }\n" + Rest, 8, 17, "spec.contents.receivers.otlp in", "expected type or type/name")]
    [InlineData("receivers: {otlp: 1}\nexporters: {debug: }\n" + Rest, 8, 23, "spec.contents.receivers.otlp", "expected settings")]
    [InlineData("receivers: {otlp: }\nexporters: {debug: }", 8, 5, "spec.contents.service", "is missing")]
    [InlineData("receivers: {otlp: }\nexporters: {debug: }\nservice: {pipelines: {}}", 10, 26, "spec.contents.service.pipelines", "has no pipeline")]
    [InlineData("receivers: {otlp: }\nservice: {pipelines: {spans: {receivers: [otlp], exporters: [destination/b]}}}", 9, 27, "spec.contents.service.pipelines.spans", "expected traces, metrics")]
    [InlineData("receivers: {otlp: }\nservice: {pipelines: {traces: {receivers: [otlp]}}}", 9, 35, "spec.contents.service.pipelines.traces.exporters", "no exporter")]
    [InlineData("exporters: {debug: }\nservice: {pipelines: {traces: {exporters: [debug]}}}", 9, 35, "spec.contents.service.pipelines.traces.receivers", "no receiver")]
    [InlineData("receivers: {otlp: }\nprocessors: {batch: }\nservice: {pipelines: {traces: {receivers: [otlp], processors: [batch, batch], exporters: [destination/b]}}}", 10, 75, "spec.contents.service.pipelines.traces.processors[1]", "twice")]
    [InlineData("receivers: {otlp: }\nconnectors: {count: }\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [count]}}}", 9, 18, "spec.contents.connectors.count", "as an exporter only")]
    [InlineData("connectors: {count: }\nservice: {pipelines: {traces: {receivers: [count], exporters: [destination/b]}}}", 8, 18, "spec.contents.connectors.count", "as a receiver only")]
    [InlineData("receivers: {otlp: }\nconnectors: {otlp: }\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}}", 8, 17, "spec.contents.receivers.otlp", "the id of a connector too")]
    [InlineData("receivers: {otlp: }\nexporters: {x: {headers: {authorization: Bearer abc}}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [x]}}}", 9, 46, "spec.contents.exporters.x.headers.authorization", "${env:NAME}")]
    [InlineData("receivers: {otlp: }\nexporters:\n  x:\n    api_key: abc\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [x]}}}", 11, 18, "spec.contents.exporters.x.api_key", "${env:NAME}")]
    [InlineData("receivers: {otlp: }\nexporters: {x: {endpoint: 'https://u:p@h/'}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [x]}}}", 9, 31, "spec.contents.exporters.x.endpoint", "password inside an address")]
    [InlineData("receivers: {otlp: }\nexporters: {x: {auth: {authenticator: oauth2}}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [x]}}}", 9, 43, "spec.contents.exporters.x", "an extension that is not defined")]
    [InlineData("receivers: {otlp: }\nexporters: {destination/b: }\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [destination/b]}}}", 9, 17, "spec.contents.exporters.destination/b", "stands for a Destination")]
    [InlineData("receivers: [otlp]\n" + Rest, 8, 16, "spec.contents.receivers", "expected a mapping")]
    [InlineData("receivers:\n  otlp: {a: b\nx", 9, 15, "", "is not YAML")]
    [InlineData("receivers:\n\totlp:", 9, 5, "", "is not YAML")]
    [InlineData("just text", 8, 5, "spec.contents", "expected a mapping")]
    public void What_is_wrong_with_collector_yaml_has_its_place_in_the_document_and_the_fix(string contents, int line, int column, string field, string words)
    {
        var problem = Documents.Problems(Documents.Collector("p", contents)).All[0];

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column, field), (problem.Line, problem.Column, problem.Field));
        Assert.DoesNotContain("abc", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connectors_in_a_circle_are_refused_with_the_way()
    {
        var problem = Assert.Single(Documents.Problems(Documents.Collector("p", """
            receivers: {otlp: }
            connectors: {forward/a: , forward/b: }
            service:
              pipelines:
                traces/1: {receivers: [otlp, forward/b], exporters: [forward/a]}
                traces/2: {receivers: [forward/a], exporters: [forward/b]}
            """)).All);

        Assert.Contains("traces/1 → forward/a → traces/2 → forward/b → traces/1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connector_from_traces_to_metrics_and_back_by_another_is_no_circle_of_one_signal() => Documents.Read<Pipeline>(Documents.Collector("p", """
        receivers: {otlp: }
        connectors: {spanmetrics: }
        service:
          pipelines:
            traces: {receivers: [otlp], exporters: [spanmetrics, destination/b]}
            metrics: {receivers: [spanmetrics], exporters: [destination/b]}
        """));

    [Theory]
    [InlineData("receivers: {otlp: {protocols: {grpc: }}, zipkin: }\nexporters: {debug: }\n" + Rest, "spec.contents.receivers.zipkin", "never used")]
    [InlineData("receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}}\nexporters: {debug: }\n" + Rest, "spec.contents.receivers.otlp.protocols.grpc.endpoint", "without tls and without auth")]
    [InlineData("receivers: {otlp: {protocols: {grpc: }}}\nprocessors: {batch: , memory_limiter: {check_interval: 1s, limit_mib: 100}}\nservice: {pipelines: {traces: {receivers: [otlp], processors: [batch, memory_limiter], exporters: [destination/b]}}}", "spec.contents.service.pipelines.traces.processors", "will run as memory_limiter, batch")]
    public void What_is_probably_not_meant_is_a_warning(string contents, string field, string words)
    {
        var problems = Documents.Problems(Documents.Collector("p", contents));

        Assert.Empty(problems.All);
        var warning = Assert.Single(problems.Warnings);
        Assert.Equal((field, "warning"), (warning.Field, warning.Severity));
        Assert.Contains(words, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_tls_everybody_may_come() => Assert.Empty(Documents.Problems(Documents.Collector(
        "p", "receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:4317', tls: {cert_file: a, key_file: b}}}}}\nexporters: {debug: }\n" + Rest)).Warnings);

    [Fact]
    public void Without_matchers_it_is_for_no_agent_and_that_is_said()
    {
        var warning = Assert.Single(Documents.Problems(Documents.Sdk("p", "{log_level: info}", "")).Warnings);

        Assert.Equal("spec.matchers", warning.Field);
        Assert.Contains("for no agent", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prometheus.scrape \"a\" {\n\ttargets = [\n}", 10, 5, "is not Alloy syntax")]
    [InlineData("logging {\n\tlevel = \"debug\"\n}", 8, 5, "sets up the process")]
    [InlineData("remotecfg { }", 8, 5, "sets up the process")]
    [InlineData("local.file \"a\" { }\nlocal.file \"a\" { }", 9, 5, "is there twice")]
    [InlineData("local.file \"a-b\" { }", 8, 5, "as in \"a_b\"")]
    [InlineData("declare \"m\" {\n\tlogging { }\n}", 9, 6, "sets up the process")]
    [InlineData("a.b \"c\" {\n\tpassword = \"secret\"\n}", 9, 17, "sys.env")]
    [InlineData("a.b \"c\" {\n\turl = \"https://u:p@h\"\n}", 9, 12, "basic_auth")]
    [InlineData("x = 1", 8, 5, "outside of any block")]
    [InlineData("argument \"other\" { }", 8, 5, "optional = true")]
    [InlineData("a.b \"c\" {\n\td = argument.pipeline_exports.value\n}", 9, 35, "are read by name")]
    public void What_is_wrong_with_alloy_has_its_place_in_the_document_and_the_fix(string contents, int line, int column, string words)
    {
        var problem = Documents.Problems(Documents.Alloy("p", contents)).All[0];

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.DoesNotContain("\"secret\"", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "expected 1 to 200 settings")]
    [InlineData("{a: {b: c}}", "expected a text")]
    [InlineData("{OTEL_EXPORTER_OTLP_HEADERS: 'a=b'}", "cannot take by reference")]
    [InlineData("{api_key: x}", "cannot take by reference")]
    public void Settings_are_flat_and_have_no_secrets(string settings, string words) =>
        Assert.Contains(words, Assert.Single(Documents.Problems(Documents.Sdk("p", settings)).All).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("  protocol: http\n  endpoint: otel.example:4318\n", "spec.endpoint", "expected a URL")]
    [InlineData("  protocol: grpc\n  endpoint: otel.example\n", "spec.endpoint", "expected host:port")]
    [InlineData("  protocol: http\n  endpoint: https://a\n  headers: {x-team: shop}\n", "spec.headers.x-team", "keeps no secrets")]
    [InlineData("  protocol: http\n  endpoint: https://a:b@c\n", "spec.endpoint", "password")]
    [InlineData("  protocol: http\n  endpoint: https://a\n  tls: {insecureSkipVerify: true}\n", "spec.tls.insecureSkipVerify", "protects nothing")]
    [InlineData("  protocol: http\n  endpoint: https://a\n  tls: {certFile: a}\n", "spec.tls.keyFile", "needs its key")]
    [InlineData("  protocol: http\n  endpoint: https://a\n  compression: lz4\n", "spec.compression", "gzip")]
    public void A_destination_is_checked(string spec, string field, string words)
    {
        var problem = Assert.Single(Documents.Problems(Documents.Head("Destination", "d") + spec).All);

        Assert.Equal(field, problem.Field);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_cannot_set_facts_nor_ask_for_groups()
    {
        var problems = Documents.Problems(Documents.Head("AgentGroup", "g") + "  matchers: [group.other=true]\n  attributes: {collector.os: x, team: shop}\n").All;

        Assert.Equal(["spec.matchers", "spec.attributes.collector.os"], problems.Select(problem => problem.Field));
    }
}
