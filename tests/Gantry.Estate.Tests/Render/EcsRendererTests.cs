using System.Text.Json.Nodes;
using Gantry.Estate.Methods;
using Gantry.Estate.Render;
using Gantry.Estate.Render.Ecs;

namespace Gantry.Estate.Tests.Render;

public class EcsRendererTests
{
    private static readonly string[] Loadable = ["java", "nodejs", "python", "dotnet"];

    public static TheoryData<string, string> Patched =>
        [.. Loadable.SelectMany(language => new[] { "fargate.json", "ec2.json", "managed.json" }.Select(input => (language, input)))];

    [Theory, MemberData(nameof(Patched))]
    public void Rendering_twice_is_rendering_once(string language, string input)
    {
        var options = new EcsOptions { Render = Golden.Options(language), SidecarImage = "registry.example/gantry-agent:1", Hub = "https://hub.example:4320", TokenSecret = "arn:aws:ssm:eu-central-1:1:parameter/t" };
        var once = EcsRenderer.Render(Golden.Input(input), options).Text!;

        var twice = EcsRenderer.Render(once, options);

        Assert.Empty(twice.Problems);
        Assert.Equal(once, twice.Text);
    }

    [Theory, MemberData(nameof(Patched))]
    public void What_was_there_is_still_there(string language, string input)
    {
        var before = JsonNode.Parse(Golden.Input(input))!;

        var after = JsonNode.Parse(EcsRenderer.Render(Golden.Input(input), new EcsOptions { Render = Golden.Options(language) }).Text!)!;

        Contains(before, after, "");
    }

    /// <summary>All of the one is in the other, in the same order; a text may have grown.</summary>
    private static void Contains(JsonNode? before, JsonNode? after, string path)
    {
        switch (before)
        {
            case JsonObject mapping:
                foreach (var (name, value) in mapping)
                {
                    Contains(value, after![name], $"{path}.{name}");
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Contains(list[i], after![i], $"{path}[{i}]");
                }

                break;
            default:
                Assert.True(after is not null && after.ToString().Contains(before!.ToString(), StringComparison.Ordinal), $"{path}: {before} became {after}");
                break;
        }
    }

    [Theory]
    [InlineData("java", "JAVA_TOOL_OPTIONS", "-Xmx256m -javaagent:/otel-auto-instrumentation-java/javaagent.jar")]
    [InlineData("nodejs", "NODE_OPTIONS", "--max-old-space-size=256 --require /otel-auto-instrumentation-nodejs/autoinstrumentation.js")]
    [InlineData("python", "PYTHONPATH", "/otel-auto-instrumentation-python/opentelemetry/instrumentation/auto_instrumentation:/app/lib:/otel-auto-instrumentation-python")]
    public void Values_that_are_there_are_added_to_and_that_is_said(string language, string variable, string value)
    {
        var rendering = EcsRenderer.Render(Golden.Input("ec2.json"), new EcsOptions { Render = Golden.Options(language) });

        Assert.Equal(value, Variable(rendering, "cart", variable));
        Assert.Contains(rendering.Notes, note => note.StartsWith($"{variable} was '", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x64", "glibc", "linux-x64")]
    [InlineData("arm64", "glibc", "linux-arm64")]
    [InlineData("x64", "musl", "linux-musl-x64")]
    [InlineData("arm64", "musl", "linux-musl-arm64")]
    public void Dotnets_profiler_is_that_of_the_image(string architecture, string libc, string folder)
    {
        var options = Golden.Options("dotnet") with { Architecture = architecture, Libc = libc };

        var rendering = EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = options });

        Assert.Equal($"/otel-auto-instrumentation-dotnet/{folder}/OpenTelemetry.AutoInstrumentation.Native.so", Variable(rendering, "orders", "CORECLR_PROFILER_PATH"));
    }

    [Fact]
    public void The_architecture_is_the_task_definitions() =>
        Assert.Contains("linux-arm64", Variable(EcsRenderer.Render(Golden.Input("managed.json"), new EcsOptions { Render = Golden.Options("dotnet") }), "search", "CORECLR_PROFILER_PATH"));

    [Fact]
    public void The_service_is_named_by_the_family_unless_somebody_named_it()
    {
        Assert.Equal("orders", Variable(EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = Golden.Options("java") }), "orders", "OTEL_SERVICE_NAME"));
        Assert.Equal("buy", Variable(EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = Golden.Options("java") with { Service = "buy" } }), "orders", "OTEL_SERVICE_NAME"));
        Assert.Equal("shop-cart", Variable(EcsRenderer.Render(Golden.Input("ec2.json"), new EcsOptions { Render = Golden.Options("java") with { Service = "buy" } }), "cart", "OTEL_SERVICE_NAME"));
    }

    [Fact]
    public void Attributes_that_are_there_stay_and_others_are_added() => Assert.Equal(
        "deployment.environment.name=prod,team=shop%2C%20and%20more",
        Variable(EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = Golden.Options("java") }), "orders", "OTEL_RESOURCE_ATTRIBUTES"));

    [Theory]
    [InlineData("java", "JAVA_TOOL_OPTIONS", "-javaagent:/opt/newrelic.jar", "another agent is loaded by it")]
    [InlineData("nodejs", "NODE_OPTIONS", "--require dd-trace/init", "another agent is loaded by it")]
    [InlineData("python", "PYTHONPATH", "/dd/ddtrace/bootstrap", "another agent is loaded by it")]
    [InlineData("dotnet", "CORECLR_PROFILER", "{846F5F1C-F9AE-4B07-969E-05C26BC060D8}", "another agent, or another copy of this one")]
    [InlineData("dotnet", "DOTNET_STARTUP_HOOKS", "/app/hook.dll", "another agent, or another copy of this one")]
    public void Another_agent_stops_it_and_nothing_is_given(string language, string variable, string value, string words)
    {
        var input = JsonNode.Parse(Golden.Input("managed.json"))!;
        input["containerDefinitions"]![0]!["environment"] = new JsonArray { new JsonObject { ["name"] = variable, ["value"] = value } };

        var rendering = EcsRenderer.Render(input.ToJsonString(), new EcsOptions { Render = Golden.Options(language) });

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.Contains(variable, StringComparison.Ordinal) && problem.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"secrets":[{"name":"NODE_OPTIONS","valueFrom":"arn"}]}""", "comes from a secret")]
    [InlineData("""{"mountPoints":[{"sourceVolume":"mine","containerPath":"/otel-auto-instrumentation-nodejs"}]}""", "where the agent goes")]
    [InlineData("""{"dependsOn":[{"containerName":"gantry-otel-nodejs","condition":"START"}]}""", "must be SUCCESS")]
    [InlineData("""{"environment":"no"}""", "is no list of objects")]
    public void What_is_in_the_way_is_named(string container, string words)
    {
        var input = JsonNode.Parse(Golden.Input("managed.json"))!;
        foreach (var (name, value) in JsonNode.Parse(container)!.AsObject())
        {
            input["containerDefinitions"]![0]![name] = value!.DeepClone();
        }

        var rendering = EcsRenderer.Render(input.ToJsonString(), new EcsOptions { Render = Golden.Options("nodejs") });

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void An_endpoint_that_is_a_secret_keeps_its_protocol()
    {
        var input = JsonNode.Parse(Golden.Input("fargate.json"))!;
        input["containerDefinitions"]![0]!["secrets"] = JsonNode.Parse("""[{"name":"OTEL_EXPORTER_OTLP_ENDPOINT","valueFrom":"arn"}]""");

        var rendering = EcsRenderer.Render(input.ToJsonString(), new EcsOptions { Render = Golden.Options("java") });

        Assert.Equal("orders", Variable(rendering, "orders", "OTEL_SERVICE_NAME"));
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_PROTOCOL", rendering.Text);
    }

    [Theory]
    [InlineData("no json", "is no JSON")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("""{"family":"a","family":"b"}""", "is no JSON")]
    [InlineData("""{"family":"a","containerDefinitions":[1]}""", "is no list of containers")]
    [InlineData("""{"containerDefinitions":[{"name":"a"}]}""", "family is missing")]
    [InlineData("""{"family":"a","containerDefinitions":[{"name":"a"},{"name":"b"}]}""", "name the program's with --container: a, b")]
    [InlineData("""{"family":"a","containerDefinitions":[{"name":"a"}],"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE"}}""", "only Linux")]
    public void What_is_no_task_definition_is_refused(string text, string words)
    {
        var rendering = EcsRenderer.Render(text, new EcsOptions { Render = Golden.Options("java") });

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_an_endpoint_there_is_nothing_to_send_to() => Assert.Contains(
        EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = Golden.Options("java") with { Endpoint = "" } }).Problems, problem => problem.Contains("--endpoint", StringComparison.Ordinal));

    [Fact]
    public void A_newer_image_of_the_agent_replaces_an_older_one_and_that_is_said()
    {
        var once = EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = Golden.Options("java") with { AgentImage = "java:1" } }).Text!;

        var twice = EcsRenderer.Render(once, new EcsOptions { Render = Golden.Options("java") with { AgentImage = "java:2" } });

        Assert.Contains("The agent's image was java:1 and is now java:2.", twice.Notes);
        Assert.DoesNotContain("java:1", twice.Text);
    }

    [Fact]
    public void The_sidecar_sees_the_program_and_does_not_take_it_down()
    {
        var options = new EcsOptions { Render = Golden.Options("java"), SidecarImage = "registry.example/gantry-agent:1", Hub = "https://hub.example:4320", TokenSecret = "arn:aws:ssm:eu-central-1:1:parameter/t" };

        var rendering = EcsRenderer.Render(Golden.Input("fargate.json"), options);

        Golden.Is("ecs-fargate.sidecar", rendering);
        Assert.Equal("task", JsonNode.Parse(rendering.Text!)!["pidMode"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(MethodPlatforms.EcsEc2)]
    [InlineData(MethodPlatforms.EcsManagedInstances)]
    [InlineData(MethodPlatforms.EcsFargate)]
    public void Obi_is_a_daemon_where_there_is_a_host(string platform)
    {
        var rendering = ObiDaemon.Render(Golden.Options("go"), MethodPlatforms.Find(platform)!);

        Golden.Is($"obi.{platform}", rendering);
        Assert.Equal(platform == MethodPlatforms.EcsFargate, rendering.Text is null);
    }

    private static string? Variable(Rendering rendering, string container, string name) =>
        (JsonNode.Parse(rendering.Text!)!["taskDefinition"] ?? JsonNode.Parse(rendering.Text!))!["containerDefinitions"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == container)!
            ["environment"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == name)!["value"]!.GetValue<string>();
}
