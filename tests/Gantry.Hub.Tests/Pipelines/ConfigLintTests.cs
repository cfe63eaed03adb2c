using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Tests.Pipelines;

/// <summary>What is known of components, held against pipelines: each finding has its line, its column and the fix.</summary>
public class ConfigLintTests
{
    private const string Grpc = "receivers: {otlp: {protocols: {grpc: }}}\n";

    [Theory]
    // No collector starts with these.
    [InlineData("processors: {memory_limiter: {limit_mib: 100}}", "", 9, 18, "needs a check_interval, and a collector does not start without; write check_interval: 1s")]
    [InlineData("processors: {memory_limiter: {check_interval: 1s}}", "", 9, 18, "write limit_percentage: 80, or limit_mib: 512")]
    [InlineData("processors: {memory_limiter: {check_interval: 1s, limit_mib: 100, spike_limit_mib: 100}}", "", 9, 88, "expected less than limit_mib")]
    [InlineData("processors: {memory_limiter: {check_interval: 1s, limit_percentage: 101}}", "", 9, 73, "expected 1 to 100")]
    [InlineData("processors: {batch: {send_batch_max_size: 100}}", "", 9, 47, "expected 0 or at least send_batch_size, which is 8192")]
    [InlineData("processors: {batch: {timeout: soon}}", "", 9, 35, "expected a duration such as 500ms")]
    [InlineData("exporters: {debug: {output_paths: ['${env:9A}']}}", "", 9, 40, "a name of letters, digits and '_' that begins with no digit")]
    [InlineData("processors: {tail_sampling: {policies: []}}", "metrics", 10, 69, "is for traces, and this pipeline has metrics")]
    [InlineData("exporters: {prometheus: {endpoint: localhost:9464}}", "", 10, 67, "is for metrics, and this pipeline has traces")]
    public void What_no_collector_starts_with_is_refused(string part, string signal, int line, int column, string words)
    {
        var text = Text(part, signal);

        var problem = Assert.Single(Documents.Problems(text).All);

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        // What was taken before the rule came stays what it is.
        var stored = new ResourceProblems("f.yaml") { IsStored = true };
        Assert.Single(ResourceText.Read(text, stored));
        Assert.Contains(stored.Warnings, warning => warning.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    // Names and values, against the table of settings.
    [InlineData("processors: {batch: {tiemout: 1s}}", 9, 26, "did you mean timeout?")]
    [InlineData("processors: {batch: {size: 1}}", 9, 26, "there are metadata_cardinality_limit, metadata_keys, send_batch_max_size, send_batch_size, timeout")]
    [InlineData("processors: {batch: {timeout: 10}}", 9, 35, "is 10 nanoseconds; write a unit, such as 10s")]
    [InlineData("processors: {batch: {send_batch_size: many}}", 9, 43, "expected a whole number")]
    [InlineData("exporters: {otlphttp: {endpoint: 'https://a.example', compresion: gzip}}", 9, 59, "did you mean compression?")]
    [InlineData("exporters: {otlp_grpc: {endpoint: 'a:1', compression: brotli}}", 9, 59, "expected gzip, snappy, zstd")]
    [InlineData("exporters: {otlp: {endpoint: 'a:1', sending_queue: {queue_sise: 5}}}", 9, 57, "did you mean queue_size?")]
    [InlineData("exporters: {otlp: {endpoint: 'a:1', retry_on_failure: {enabled: yes}}}", 9, 69, "expected true or false")]
    [InlineData("exporters: {otlp: {endpoint: 'a:1', tls: always}}", 9, 46, "expected settings (name: value), this is text")]
    [InlineData("processors: {k8sattributes: {extrat: {}}}", 9, 34, "did you mean extract?")]
    [InlineData("processors: {filter: {error_mode: drop}}", 9, 39, "expected ignore, silent, propagate")]
    [InlineData("exporters: {debug: {verbosity: loud}}", 9, 36, "expected basic, normal, detailed")]
    // References.
    [InlineData("exporters: {debug: {output_paths: ['${env:OPEN']}}", 9, 40, "has ${ without }")]
    [InlineData("exporters: {debug: {output_paths: ['${vault:x}']}}", 9, 40, "of the scheme vault, which usual builds do not resolve")]
    // Open doors.
    [InlineData("exporters: {otlp: {endpoint: 'a:1', tls: {insecure_skip_verify: true}}}", 9, 69, "give the authority in ca_file")]
    [InlineData("exporters: {otlp: {endpoint: 'a:1', tls: {min_version: '1.0'}}}", 9, 60, "write \"1.2\" or \"1.3\"")]
    // What is lawful, and unwise.
    [InlineData("exporters: {debug: {verbosity: detailed}}", 9, 36, "writes every record to the agent's log")]
    [InlineData("exporters: {otlp: {endpoint: 'a:1', retry_on_failure: {max_elapsed_time: 0s}}}", 9, 78, "tries again for ever")]
    [InlineData("processors: {probabilistic_sampler: {}}", 9, 18, "it drops everything; write sampling_percentage: 10")]
    [InlineData("exporters: {logging: }", 9, 17, "is gone from 0.111.0 on; use the debug exporter")]
    [InlineData("processors: {tail_sampling: {policies: []}, probabilistic_sampler: {sampling_percentage: 1}}", 10, 83, "keep one")]
    public void What_is_probably_not_meant_is_a_warning(string part, int line, int column, string words)
    {
        var problems = Documents.Problems(Text(part, ""));

        Assert.Empty(problems.All);
        var warning = Assert.Single(problems.Warnings, warning => !warning.Message.StartsWith("will run as", StringComparison.Ordinal));
        Assert.Contains(words, warning.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (warning.Line, warning.Column));
    }

    [Theory]
    [InlineData("receivers: {otlp: }", "has no protocol")]
    [InlineData("receivers: {otlp: {protocols: {http: {cors: {allowed_origins: ['*']}}}}}", "name the origins")]
    [InlineData("receivers: {otlp: {protocols: {gprc: }}}", "did you mean grpc?")]
    public void Receivers_are_checked_too(string receivers, string words) => Assert.Contains(words, Assert.Single(Documents.Problems(Documents.Collector(
        "p", receivers + "\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [destination/b]}}}")).Warnings).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{metrics: {address: 'localhost:8888'}}", "is ignored from 0.123 on; write readers")]
    [InlineData("{metrics: {level: none}}", "leaves nobody able to see")]
    [InlineData("{logs: {level: debug}}", "write info")]
    [InlineData("{metric: {level: basic}}", "did you mean metrics?")]
    public void The_telemetry_of_the_service_is_checked(string telemetry, string words) => Assert.Contains(words, Assert.Single(Documents.Problems(Documents.Collector(
        "p", Grpc + $"service: {{telemetry: {telemetry}, pipelines: {{traces: {{receivers: [otlp], exporters: [destination/b]}}}}}}")).Warnings).Message, StringComparison.Ordinal);

    [Fact]
    public void Statistics_behind_a_sampler_and_dimensions_without_end_are_told()
    {
        var problems = Documents.Problems(Documents.Collector("p", Grpc + """
            processors: {tail_sampling: {policies: []}}
            connectors: {spanmetrics: {dimensions: [{name: http.method}, {name: url.full}], metrics_expiration: 0, dimensions_cache_size: 1000}}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tail_sampling], exporters: [spanmetrics, destination/b]}
                metrics: {receivers: [spanmetrics], exporters: [destination/b]}
            """));

        Assert.Empty(problems.All);
        Assert.Equal(
            ["10 dimensions_cache_size", "10 metrics_expiration", "10 dimensions", "13 exporters"],
            problems.Warnings.Select(warning => $"{warning.Line} {warning.Field.Split('.')[^1]}"));
        Assert.Contains("write aggregation_cardinality_limit", problems.Warnings[0].Message, StringComparison.Ordinal);
        Assert.Equal("url.full", problems.Warnings[2].Value);
        Assert.Contains("counts what tail_sampling has left", problems.Warnings[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_has_no_finding() => Assert.Empty(Documents.Problems(Documents.Collector("p", """
        extensions:
          health_check: {endpoint: "localhost:13133"}
          file_storage: {directory: /var/lib/otelcol, timeout: 1s, compaction: {on_start: true}}
        receivers:
          otlp: {protocols: {grpc: {endpoint: "localhost:4317", max_recv_msg_size_mib: 16, keepalive: {server_parameters: {max_connection_age: 60s}}}, http: {endpoint: "localhost:4318", cors: {allowed_origins: ["https://shop.example"]}}}}
          hostmetrics: {collection_interval: 30s, root_path: /hostfs, scrapers: {cpu: , memory: }}
          filelog: {include: [/var/log/*.log], start_at: end, poll_interval: 200ms, operators: [{type: regex_parser, regex: '^(?P<a>\S+)$$'}]}
          prometheus: {config: {scrape_configs: [{job_name: a, scrape_interval: 30s, static_configs: [{targets: ["localhost:9100"]}], relabel_configs: [{target_label: b, replacement: "$$1"}]}]}}
        processors:
          memory_limiter: {check_interval: 1s, limit_percentage: 80, spike_limit_percentage: 20}
          k8sattributes: {auth_type: serviceAccount, extract: {metadata: [k8s.pod.name]}}
          resourcedetection: {detectors: [env, system], timeout: "${env:DETECT_TIMEOUT:-5s}"}
          transform: {error_mode: ignore, trace_statements: ['set(span.attributes["a"], 1)']}
          batch: {timeout: 1s, send_batch_size: 1024, send_batch_max_size: 2048}
        exporters:
          otlphttp: {endpoint: "https://otel.example", headers: {authorization: "Bearer ${env:TOKEN}"}, sending_queue: {queue_size: 5000, storage: file_storage, batch: {min_size: 10, flush_timeout: 200ms, sizer: items}}, retry_on_failure: {max_elapsed_time: 600s}}
        service:
          extensions: [health_check, file_storage]
          telemetry: {metrics: {level: detailed, readers: [{pull: {exporter: {prometheus: {host: localhost, port: 8888}}}}]}, logs: {level: info}}
          pipelines:
            traces: {receivers: [otlp], processors: [memory_limiter, k8sattributes, resourcedetection, transform, batch], exporters: [otlphttp]}
            metrics: {receivers: [hostmetrics, prometheus], processors: [memory_limiter, batch], exporters: [otlphttp]}
            logs: {receivers: [filelog], processors: [memory_limiter, batch], exporters: [otlphttp]}
        """)).Warnings);

    [Fact]
    public void The_table_of_types_is_sound()
    {
        Assert.InRange(ComponentRenames.All.Count, 45, 200);
        Assert.InRange(ComponentRenames.Removed.Count, 10, 200);
        Assert.All(ComponentRenames.All, rename =>
        {
            Assert.Contains(rename.Section, CollectorConfig.Sections);
            Assert.True(ComponentId.IsValid(rename.Before) && ComponentId.IsValid(rename.Name), rename.ToString());
            Assert.NotNull(ComponentRenames.Has("0.200.0", rename.Since));
            Assert.True(ComponentRenames.Has(rename.Alias, rename.Since), rename.ToString());
            Assert.EndsWith($"/releases/tag/v{rename.Since}", rename.Source, StringComparison.Ordinal);
        });
        Assert.All(ComponentRenames.Removed, removed => Assert.True(ComponentId.IsValid(removed.Type) && removed.Instead.Length > 10 && ComponentRenames.Has("0.200.0", removed.Since) == true, removed.ToString()));
        Assert.Equal("0.151.0", ComponentRenames.Find("receivers", "windowseventlog")!.Alias);
        Assert.Null(ComponentRenames.Find("processors", "spanmetrics"));
    }

    /// <summary>The part, and a pipeline that uses all of it.</summary>
    private static string Text(string part, string signal)
    {
        var section = part.Split(':')[0];
        var ids = System.Text.RegularExpressions.Regex.Matches(part[(part.IndexOf('{', StringComparison.Ordinal) + 1)..], "(?:^|(?<=}, ))([a-z_0-9]+):").Select(match => match.Groups[1].Value);
        var used = string.Join(", ", ids);
        var pipeline = section == "processors" ? $"processors: [{used}], exporters: [destination/b]" : $"exporters: [{used}]";
        return Documents.Collector("p", Grpc + part + $"\nservice: {{pipelines: {{{(signal.Length == 0 ? "traces" : signal)}: {{receivers: [otlp], {pipeline}}}}}}}");
    }
}
