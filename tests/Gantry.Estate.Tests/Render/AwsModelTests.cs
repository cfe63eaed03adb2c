using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gantry.Estate.Methods;
using Gantry.Estate.Render.Ecs;

namespace Gantry.Estate.Tests.Render;

/// <summary>What is rendered for AWS, held against AWS's own models of the requests that take it: no field that they do not know, no other type, nothing missing.</summary>
public class AwsModelTests
{
    /// <summary>Added by describe-task-definition; whoever registers takes them out, as the notes say.</summary>
    private static readonly string[] ReadOnly = ["taskDefinitionArn", "revision"];

    [Fact]
    public async Task What_is_rendered_is_what_aws_takes()
    {
        var asked = new JsonArray();
        foreach (var row in CellTests.Cells.Select(row => row.Data).Where(row => row.Item2 != MethodPlatforms.Kubernetes))
        {
            Add(asked, $"{row.Item1} on {row.Item2}", row.Item2 == MethodPlatforms.Lambda ? "UpdateFunctionConfigurationRequest" : "RegisterTaskDefinitionRequest", CellTests.Render(row.Item1, row.Item2).Text);
        }

        var sidecar = new EcsOptions { Render = Golden.Options("java"), SidecarImage = "registry.example/gantry-agent:1", Hub = "https://hub.example:4320", TokenSecret = "arn:aws:ssm:eu-central-1:1:parameter/t" };
        Add(asked, "sidecar", "RegisterTaskDefinitionRequest", EcsRenderer.Render(Golden.Input("fargate.json"), sidecar).Text);
        Add(asked, "OBI on EC2", "RegisterTaskDefinitionRequest", ObiDaemon.Render(Golden.Options("go"), MethodPlatforms.Find(MethodPlatforms.EcsEc2)!).Text);
        Add(asked, "OBI on Managed Instances", "RegisterDaemonTaskDefinitionRequest", ObiDaemon.Render(Golden.Options("go"), MethodPlatforms.Find(MethodPlatforms.EcsManagedInstances)!).Text);

        Assert.Equal(34, asked.Count);
        Assert.Equal("34\n", await CheckAsync(asked));
    }

    [Fact]
    public async Task What_aws_does_not_take_is_found()
    {
        var asked = new JsonArray();
        Add(asked, "a", "RegisterTaskDefinitionRequest", """{"family":"a","containerDefinitions":[{"nmae":"x","essential":"yes","dependsOn":[{"containerName":"x"}]}]}""");

        var problems = await CheckAsync(asked);

        Assert.Contains("has no member nmae", problems);
        Assert.Contains("essential: expected a truth value", problems);
        Assert.Contains("needs condition", problems);
    }

    private static void Add(JsonArray asked, string name, string model, string? text)
    {
        if (text is not null)
        {
            var input = JsonNode.Parse(text)!;
            input = (input["taskDefinition"] ?? input).DeepClone();
            foreach (var field in ReadOnly)
            {
                input.AsObject().Remove(field);
            }

            asked.Add((JsonNode)new JsonObject { ["name"] = name, ["model"] = model, ["input"] = input });
        }
    }

    private static async Task<string> CheckAsync(JsonArray asked)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Gantry.Estate.Tests", "aws");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), $"npm packages are missing: run `npm ci` in {folder}, or ./test");
        using var node = Process.Start(new ProcessStartInfo("node", ["check.js"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(asked));
        node.StandardInput.Close();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, await errors);
        return await output;
    }
}
