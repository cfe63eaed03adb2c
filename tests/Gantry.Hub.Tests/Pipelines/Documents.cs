using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Tests.Pipelines;

/// <summary>Documents of pipelines, and what the hub makes of them.</summary>
internal static class Documents
{
    public static string Head(string kind, string name) => $"apiVersion: gantry/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n";

    /// <summary>The first line of the contents is line 8.</summary>
    public static string Collector(string name, string contents, string matchers = "'env=prod'", string more = "") =>
        Head("Pipeline", name) + $"  type: otelcol\n  matchers: [{matchers}]\n  contents: |\n{Indented(contents)}{more}";

    public static string Alloy(string name, string contents, string matchers = "'env=prod'", string more = "") =>
        Head("Pipeline", name) + $"  type: alloy\n  matchers: [{matchers}]\n  contents: |\n{Indented(contents)}{more}";

    public static string Sdk(string name, string settings, string matchers = "'env=prod'", string more = "") =>
        Head("Pipeline", name) + $"  type: sdk\n  matchers: [{matchers}]\n  contents: {settings}\n{more}";

    public static string Destination(string name, string endpoint = "https://otel.example:4318", string more = "") =>
        Head("Destination", name) + $"  protocol: http\n  endpoint: {endpoint}\n{more}";

    /// <summary>Listens on a port, keeps in batches, sends to a destination.</summary>
    public static string Simple(string name, int port = 4317, string destination = "backend", string matchers = "'env=prod'") => Collector(name, $$"""
        receivers:
          otlp:
            protocols: {grpc: {endpoint: "localhost:{{port}}"} }
        processors:
          batch:
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [batch], exporters: [destination/{{destination}}]}

        """, matchers);

    public static T Read<T>(string text)
    {
        var problems = new ResourceProblems("f.yaml");
        var documents = ResourceText.Read(text, problems);
        Assert.True(problems.All.Count == 0, string.Join('\n', problems.All));
        return Assert.IsType<T>(Assert.Single(documents).Model);
    }

    public static ResourceProblems Problems(string text)
    {
        var problems = new ResourceProblems("f.yaml");
        ResourceText.Read(text, problems);
        return problems;
    }

    private static string Indented(string text) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "\n" : $"    {line}\n"));
}
