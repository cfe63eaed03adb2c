namespace Gantry.Cli.Tests.Render;

public class RenderCommandTests
{
    private const string Endpoint = "http://gateway.example:4318";

    private static string Block(string page, string kind, int index) => Repository.Read(page).Split($"```{kind}\n")[index + 1].Split("```")[0];

    [Fact]
    public async Task The_task_definition_of_the_docs_becomes_the_one_below_it()
    {
        using var folder = new TestFolder();
        var file = folder.Write("orders.json", Block("docs/render.md", "json", 0));

        var result = await Cli.RunAsync("render", "ecs", "--task-definition", file, "--language", "java", "--endpoint", Endpoint);

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Equal(Block("docs/render.md", "json", 1), result.Out);
        Assert.Contains("note: JAVA_TOOL_OPTIONS was '-Xmx256m'; what the agent needs is added to it.\n", result.Error);
    }

    [Fact]
    public async Task The_dockerfile_of_the_docs_is_what_is_printed()
    {
        var result = await Cli.RunAsync("render", "dockerfile", "--language", "dotnet", "--image", "mcr.microsoft.com/dotnet/aspnet:8.0");

        Assert.Equal(Block("docs/render.md", "dockerfile", 0), result.Out);
    }

    [Theory]
    [InlineData("go")]
    [InlineData("rust")]
    public async Task What_cannot_be_given_is_said_with_the_three_ways_out_and_nothing_is_printed(string language)
    {
        using var folder = new TestFolder();
        var file = folder.Write("orders.json", Block("docs/render.md", "json", 0));

        var result = await Cli.RunAsync("render", "ecs", "--task-definition", file, "--language", language, "--endpoint", Endpoint);

        Assert.Equal((ExitCodes.Refused, ""), (result.ExitCode, result.Out));
        Assert.Contains("There are no zero-code traces for", result.Error);
        Assert.Equal(3, result.Error.Split('\n').Count(line => line.Length > 2 && char.IsAsciiDigit(line[0]) && line[1] == '.'));
        Assert.EndsWith("gantry: nothing was rendered\n", result.Error);
    }

    [Fact]
    public async Task Obi_is_rendered_where_there_is_a_host()
    {
        var result = await Cli.RunAsync("render", "ecs", "--obi", "--language", "go", "--platform", "ecs-ec2", "--endpoint", Endpoint, "--obi-image", "registry.example/obi:1");

        Assert.Equal(ExitCodes.Ok, result.ExitCode);
        Assert.Contains("\"image\": \"registry.example/obi:1\"", result.Out);
    }

    [Fact]
    public async Task Kubernetes_and_lambda_are_rendered_with_what_is_asked_for()
    {
        var cluster = await Cli.RunAsync("render", "k8s", "--language", "python", "--libc", "musl", "--endpoint", Endpoint, "--namespace", "observability", "--attribute", "team=shop", "--container", "app", "--agent-image", "registry.example/python:1");
        var function = await Cli.RunAsync("render", "lambda", "--name", "thumbnails", "--language", "ruby", "--layer", "arn:aws:lambda:eu-central-1:1:layer:ruby:1", "--layer", "arn:aws:lambda:eu-central-1:1:layer:collector:2");

        Assert.Contains("image: registry.example/python:1", cluster.Out);
        Assert.Contains("inject-python: observability/gantry", cluster.Out);
        Assert.Contains("otel-python-platform: musl", cluster.Out);
        Assert.Contains("team: shop", cluster.Out);
        Assert.Contains("layer:ruby:1", function.Out);
        Assert.Contains("layer:collector:2", function.Out);
    }

    [Theory]
    [InlineData("--endpoint 'gateway': expected http://", "render", "k8s", "--language", "go", "--endpoint", "gateway")]
    [InlineData("--attribute 'team': expected KEY=VALUE", "render", "k8s", "--language", "go", "--attribute", "team")]
    [InlineData("--platform 'vm': expected ecs-ec2", "render", "ecs", "--language", "go", "--platform", "vm")]
    [InlineData("--task-definition FILE is missing", "render", "ecs", "--language", "go")]
    [InlineData("--platform is missing", "render", "ecs", "--language", "go", "--obi")]
    public async Task What_is_wrong_is_named(string words, params string[] args)
    {
        var result = await Cli.RunAsync(args);

        Assert.Equal((ExitCodes.Error, ""), (result.ExitCode, result.Out));
        Assert.Contains(words, result.Error);
    }
}
