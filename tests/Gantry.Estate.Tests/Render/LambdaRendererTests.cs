using System.Text.Json.Nodes;
using Gantry.Estate.Render.Lambda;

namespace Gantry.Estate.Tests.Render;

public class LambdaRendererTests
{
    private const string Layer = "arn:aws:lambda:eu-central-1:184161586896:layer:opentelemetry-nodejs:1";

    private static string Function(string runtime = "nodejs22.x") => Golden.Input("function.json").Replace("RUNTIME", runtime, StringComparison.Ordinal);

    private static LambdaOptions Options(string language = "nodejs", params string[] layers) => new() { Render = Golden.Options(language), Layers = layers };

    [Fact]
    public void Layers_and_variables_that_are_there_stay()
    {
        var rendered = JsonNode.Parse(LambdaRenderer.Render(Function(), Options("nodejs", Layer)).Text!)!;

        Assert.Equal(["arn:aws:lambda:eu-central-1:111122223333:layer:imagemagick:4", Layer], rendered["Layers"]!.AsArray().Select(layer => layer!.GetValue<string>()));
        Assert.Equal("thumbs", rendered["Environment"]!["Variables"]!["BUCKET"]!.GetValue<string>());
        Assert.Equal("/opt/otel-handler", rendered["Environment"]!["Variables"]!["AWS_LAMBDA_EXEC_WRAPPER"]!.GetValue<string>());
    }

    [Fact]
    public void Rendering_twice_is_rendering_once()
    {
        var once = LambdaRenderer.Render(Function(), Options("nodejs", Layer)).Text!;

        Assert.Equal(once, LambdaRenderer.Render(once, Options("nodejs", Layer)).Text);
    }

    [Fact]
    public void A_newer_layer_takes_the_place_of_an_older_one_and_that_is_said()
    {
        var once = LambdaRenderer.Render(Function(), Options("nodejs", Layer)).Text!;

        var twice = LambdaRenderer.Render(once, Options("nodejs", Layer[..^1] + "2"));

        Assert.Equal(2, JsonNode.Parse(twice.Text!)!["Layers"]!.AsArray().Count);
        Assert.Contains($"The layer {Layer} is now version 2.", twice.Notes);
    }

    [Theory]
    [InlineData("dotnet10", "x86_64", "Its runtime is .NET 10")]
    [InlineData("dotnet8", "arm64", "Its architecture is arm64")]
    public void Dotnet_has_one_runtime_on_one_architecture(string runtime, string architecture, string words)
    {
        var rendering = LambdaRenderer.Render(Function(runtime).Replace("x86_64", architecture, StringComparison.Ordinal), Options("dotnet", Layer));

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.StartsWith(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"Zip\"", "\"Image\"", "gantry render dockerfile --language nodejs")]
    [InlineData("\"BUCKET\"", "\"AWS_LAMBDA_EXEC_WRAPPER\"", "AWS_LAMBDA_EXEC_WRAPPER is 'thumbs'")]
    public void What_is_in_the_way_is_named(string before, string after, string words)
    {
        var rendering = LambdaRenderer.Render(Function().Replace(before, after, StringComparison.Ordinal), Options("nodejs", Layer));

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "FunctionName": "thumbs", "Environment": { "Error": { "ErrorCode": "AccessDeniedException", "Message": "no" } } }""", "Environment.Error says that the variables could not be read (AccessDeniedException)")]
    [InlineData("""{ "FunctionName": "thumbs", "Environment": { "Error": {}, "Variables": {} } }""", "Environment.Error says")]
    [InlineData("""{ "FunctionName": "thumbs", "Environment": {} }""", "Environment has no Variables")]
    [InlineData("""{ "FunctionName": "thumbs", "Environment": [] }""", "Environment has no Variables")]
    [InlineData("""{ "Configuration": { "FunctionName": "thumbs", "Environment": { "Variables": { "BUCKET": "a" } } } }""", "The function's configuration has no FunctionName")]
    public void Variables_that_cannot_be_seen_are_not_replaced(string function, string words)
    {
        var rendering = LambdaRenderer.Render(function, Options("nodejs", Layer) with { Name = "thumbs" });

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.StartsWith(words, StringComparison.Ordinal));
    }

    [Fact]
    public void A_function_without_variables_shows_no_environment() =>
        Assert.NotNull(LambdaRenderer.Render("""{ "FunctionName": "thumbs", "Runtime": "nodejs22.x" }""", Options("nodejs", Layer)).Text);

    [Theory]
    [InlineData("http://collector:4317", null)]
    [InlineData("http://gateway.example:4318", "http/protobuf")]
    public void The_protocol_goes_with_our_endpoint_only(string there, string? protocol)
    {
        var function = JsonNode.Parse(Function())!;
        function["Environment"]!["Variables"]!["OTEL_EXPORTER_OTLP_ENDPOINT"] = there;
        var options = Options("nodejs", Layer);

        var variables = JsonNode.Parse(LambdaRenderer.Render(function.ToJsonString(), options with { Render = options.Render with { Endpoint = "http://gateway.example:4318" } }).Text!)!["Environment"]!["Variables"]!;

        Assert.Equal(there, variables["OTEL_EXPORTER_OTLP_ENDPOINT"]!.GetValue<string>());
        Assert.Equal(protocol, variables["OTEL_EXPORTER_OTLP_PROTOCOL"]?.GetValue<string>());
    }

    [Fact]
    public void Layers_are_never_made_up() => Assert.Contains(LambdaRenderer.Render(Function(), Options()).Problems, problem => problem.Contains("--layer ARN", StringComparison.Ordinal));

    [Theory]
    [InlineData("opentelemetry-nodejs:1")]
    [InlineData("arn:aws:lambda:eu-central-1:184161586896:layer:opentelemetry-nodejs")]
    public void A_layer_is_an_arn_with_its_version(string layer) =>
        Assert.Contains(LambdaRenderer.Render(Function(), Options("nodejs", layer)).Problems, problem => problem.StartsWith($"--layer '{layer}'", StringComparison.Ordinal));

    [Fact]
    public void A_function_has_five_layers_at_most()
    {
        var layers = Enumerable.Range(1, 5).Select(i => $"arn:aws:lambda:eu-central-1:1:layer:l{i}:1").ToArray();

        Assert.Contains(LambdaRenderer.Render(Function(), Options("nodejs", layers)).Problems, problem => problem.Contains("6 layers", StringComparison.Ordinal));
    }
}
