using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Gantry.Benchmarks.Fleet;

/// <summary>
/// What the fleet of the benchmarks is to run: a pipeline that all agents share and one for each of fifty cohorts, together as large as a usual collector's
/// configuration. A push changes the shared one, so that all fifty configurations are compiled anew.
/// </summary>
internal static class FleetEstate
{
    public const int Cohorts = 50;

    /// <summary>The attribute of an agent that names its cohort.</summary>
    public const string Attribute = "bench.cohort";

    public static string CohortOf(int agent) => $"c{agent % Cohorts}";

    /// <summary>Everything, at revision 1.</summary>
    public static async Task ApplyAsync(HttpClient hub)
    {
        var documents = string.Join("---\n", Enumerable.Range(0, Cohorts).Select(Own).Prepend(Shared(1)));
        using var body = JsonContent.Create(new { files = new[] { new { name = "bench.yaml", text = documents } } });
        await DoneAsync(await hub.PostAsync(new Uri("api/v1/apply", UriKind.Relative), body));
    }

    public static async Task ChangeAsync(HttpClient hub, int revision)
    {
        using var body = new StringContent(Shared(revision), Encoding.UTF8, "application/yaml");
        await DoneAsync(await hub.PutAsync(new Uri("api/v1/resources/pipelines/shared", UriKind.Relative), body));
    }

    private static async Task DoneAsync(HttpResponseMessage response)
    {
        using (response)
        {
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
            {
                throw new BenchmarkException($"the hub does not take the pipelines: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }
    }

    private static string Shared(int revision) => $$$"""
        apiVersion: gantry/v1
        kind: Pipeline
        metadata:
          name: shared
        spec:
          type: otelcol
          matchers: ["collector.type=otel"]
          contents:
            receivers:
              otlp:
                protocols: {grpc: {endpoint: "localhost:4317"}}
            processors:
              memory_limiter: {check_interval: 1s, limit_percentage: 80}
              attributes/all:
                actions:
                  - {key: revision, value: "{{{revision}}}", action: upsert}
              batch: {timeout: 1s}
            exporters:
              otlp/backend: {endpoint: "backend:4317"}
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [memory_limiter, attributes/all, batch], exporters: [otlp/backend]}

        """;

    private static string Own(int cohort)
    {
        var names = Enumerable.Range(0, 30).Select(i => $"attributes/p{i}").ToArray();
        var processors = string.Concat(names.Select((name, i) => $"      {name}: {{actions: [{{key: team{i}, value: t{cohort}, action: upsert}}]}}\n"));
        return $$$"""
            apiVersion: gantry/v1
            kind: Pipeline
            metadata:
              name: own-{{{cohort}}}
            spec:
              type: otelcol
              matchers: ["collector.type=otel", "{{{Attribute}}}={{{CohortOf(cohort)}}}"]
              contents:
                receivers:
                  hostmetrics: {scrapers: {cpu: {}, memory: {} } }
                exporters:
                  otlp/metrics: {endpoint: "backend:4317"}
                service:
                  pipelines:
                    metrics: {receivers: [hostmetrics], processors: [{{{string.Join(", ", names)}}}], exporters: [otlp/metrics]}
                processors:
            {{{processors}}}
            """;
    }
}
