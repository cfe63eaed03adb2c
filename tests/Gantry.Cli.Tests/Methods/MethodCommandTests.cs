using System.Text.Json;
using Gantry.Cli.Tests.Get;
using Gantry.Estate.Methods;
using Gantry.Hub.Methods;

namespace Gantry.Cli.Tests.Methods;

public class MethodCommandTests
{
    [Fact]
    public async Task The_example_of_the_docs_is_what_is_printed()
    {
        var result = await Cli.RunAsync("method", "--language", "rust", "--platform", "ecs-fargate");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.Equal(Repository.Read("docs/methods.md").Split("```text\n")[1].Split("```")[0], result.Out);
    }

    [Fact]
    public async Task Wide_adds_the_sources_and_json_has_all_of_it()
    {
        var wide = await Cli.RunAsync("method", "--language", "go", "--platform", "k8s", "-o", "wide");
        var json = await Cli.RunAsync("method", "--language", "go", "--platform", "k8s", "-o", "json");

        Assert.Contains("Sources (documented)\n", wide.Out);
        var row = Assert.Single(JsonSerializer.Deserialize<MethodRow[]>(json.Out, JsonSerializerOptions.Web)!);
        Assert.Equal("obi-daemonset", row.Rungs[1].Applicable[0].Method);
        Assert.NotEmpty(row.Sources);
    }

    [Fact]
    public async Task What_is_known_of_a_program_counts()
    {
        var old = await Cli.RunAsync("method", "--language", "dotnet", "--platform", "vm", "--runtime-version", "7.0.1");
        var musl = await Cli.RunAsync("method", "--language", "dotnet", "--platform", "vm", "--runtime-version", "8.0.1", "--libc", "musl");

        Assert.Contains("dotnet-attach: Its runtime is .NET 7.0.1; >=8 is needed.", old.Out);
        Assert.Contains("[libc]", musl.Out);
        Assert.Contains("not checked  that its diagnostic port is open", musl.Out.Replace("that it is not compiled ahead of time; that no other agent is in it; ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_is_known_by_its_name_its_dockerfile_or_what_inspect_says()
    {
        using var folder = new TestFolder();
        var dockerfile = folder.Write("Dockerfile", "FROM golang AS build\nFROM python:3.9-alpine\n");
        var inspect = folder.Write("image.json", """[{"Architecture":"amd64","Config":{"Env":["JAVA_VERSION=17.0.9"]}}]""");

        var name = await Cli.RunAsync("method", "--image", "node:20-alpine", "--platform", "kubernetes");
        var file = await Cli.RunAsync("method", "--dockerfile", dockerfile, "--platform", "fargate");
        var inspected = await Cli.RunAsync("method", "--inspect", inspect, "--platform", "ecs-ec2");

        Assert.StartsWith("Node.js, by the name node:20-alpine: Node.js 20 on Kubernetes\n", name.Out);
        Assert.Contains("[unsupported-version]", name.Out);
        Assert.StartsWith("Python, by FROM python:3.9-alpine of the Dockerfile: Python 3.9 on ECS on Fargate\n", file.Out);
        Assert.Contains("Its runtime is Python 3.9; >=3.10 is needed.", file.Out);
        Assert.Contains("Java 17.0.9 on ECS on EC2", inspected.Out);
    }

    [Theory]
    [InlineData("nothing says what to look at")]
    [InlineData("--platform is missing", "--language", "go")]
    [InlineData("does not say which language runs in it", "--image", "shop/orders:1", "--platform", "vm")]
    [InlineData("give one of them", "--image", "node:20", "--dockerfile", "x", "--platform", "vm")]
    [InlineData("cannot be read", "--dockerfile", "/nowhere/Dockerfile", "--platform", "vm")]
    public async Task What_is_missing_is_said(string words, params string[] args) => (await Cli.RunAsync(["method", .. args])).FailedWith(ExitCodes.Error, words);

    [Fact]
    public async Task A_word_that_is_none_is_refused_with_those_that_are()
    {
        var result = await Cli.RunAsync("method", "--language", "cobol", "--platform", "vm");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("--language 'cobol': expected java, nodejs", result.Error);
    }

    [Fact]
    public async Task A_service_is_asked_of_the_hub_and_processes_that_are_alike_are_one()
    {
        var advice = MethodCatalogue.Advise(new ProcessTraits { Language = MethodLanguages.Find("java"), RuntimeVersion = "21" }, MethodPlatforms.Find("vm")!);
        var asked = new List<string>();
        await using var hub = await ScriptedHub.StartAsync(path =>
        {
            asked.Add(path);
            return (200, Rows.Json(MethodRow.From("cart (pid 1 on web-1)", advice), MethodRow.From("cart (pid 2 on web-1)", advice)));
        });

        var result = await Cli.RunAsync("method", "cart", "--hub", hub.Address);

        Assert.StartsWith("cart (pid 1 on web-1) and 1 like it: Java 21 on VM with systemd\n", result.Out);
        Assert.Equal(["/api/v1/method"], asked);
    }
}
