using Gantry.Estate.Methods;
using Gantry.Estate.Render;
using Gantry.Estate.Render.Ecs;
using Gantry.Estate.Render.Images;
using Gantry.Estate.Render.Kubernetes;
using Gantry.Estate.Render.Lambda;

namespace Gantry.Estate.Tests.Render;

/// <summary>Each language on each platform that is rendered for: a document, or why there is none. A VM's files are written by its agent.</summary>
public class CellTests
{
    private const string Layer = "arn:aws:lambda:eu-central-1:184161586896:layer:opentelemetry-language:1";

    public static TheoryData<string, string> Cells =>
        [.. MethodLanguages.All.SelectMany(language => MethodPlatforms.All.Where(platform => platform.Id != MethodPlatforms.Vm).Select(platform => (language.Id, platform.Id)))];

    private static readonly string[] Loadable = ["java", "nodejs", "python", "dotnet"];

    [Theory, MemberData(nameof(Cells))]
    public void A_cell_gives_a_document_or_its_refusal(string language, string platform)
    {
        var rendering = Render(language, platform);

        Golden.Is($"{platform}.{language}", rendering);
        var withoutHost = platform is MethodPlatforms.EcsFargate or MethodPlatforms.Lambda;
        var none = (withoutHost && language is ("go" or "rust" or "cpp" or "dotnet-native")) || (language, platform) is ("php", MethodPlatforms.Lambda);
        Assert.Equal(none, rendering.Text is null);
        if (none)
        {
            Assert.Contains(rendering.Problems, problem => problem.StartsWith("There are no zero-code traces for", StringComparison.Ordinal));
            Assert.Contains(rendering.Problems, problem => problem.StartsWith("1. ", StringComparison.Ordinal));
            Assert.Contains(rendering.Problems, problem => problem.StartsWith("2. ", StringComparison.Ordinal) && problem.Contains("OBI", StringComparison.Ordinal));
            Assert.Contains(rendering.Problems, problem => problem.StartsWith("3. ", StringComparison.Ordinal) && problem.Contains("RED", StringComparison.Ordinal));
            Assert.Equal(language == "go", rendering.Problems.Any(problem => problem.Contains("otelc", StringComparison.Ordinal)));
        }
        else
        {
            Assert.Empty(rendering.Problems);
            Assert.NotEmpty(rendering.Notes);
        }
    }

    [Theory, MemberData(nameof(Cells))]
    public void What_the_matrix_cannot_give_is_said(string language, string platform)
    {
        var rendering = Render(language, platform);

        var advice = MethodCatalogue.Advise(new ProcessTraits { Language = Golden.Language(language) }, MethodPlatforms.Find(platform)!);
        Assert.All(advice.Limits, limit => Assert.Contains(limit, rendering.Notes));
    }

    public static TheoryData<string> Languages => [.. MethodLanguages.All.Select(language => language.Id)];

    [Theory, MemberData(nameof(Languages))]
    public void An_image_holds_the_agent_or_there_is_none(string language)
    {
        var rendering = DockerfileRenderer.Render(Golden.Options(language));

        Golden.Is($"dockerfile.{language}", rendering);
        Assert.Equal(Loadable.Contains(language) || language is "php" or "ruby", rendering.Text is not null);
    }

    [Fact]
    public void Files_that_nothing_renders_are_gone()
    {
        string[] others = ["ecs-fargate.sidecar", "kubernetes.obi-and-agent", "kubernetes.helm", .. new[] { MethodPlatforms.EcsEc2, MethodPlatforms.EcsManagedInstances, MethodPlatforms.EcsFargate }.Select(platform => $"obi.{platform}")];
        var names = Cells.Select(row => $"{row.Data.Item2}.{row.Data.Item1}").Concat(Languages.Select(row => $"dockerfile.{row.Data}")).Concat(others);

        Assert.Equal(names.Order(), Directory.EnumerateFiles(Golden.Folder).Select(file => Path.GetFileNameWithoutExtension(file)!).Order());
    }

    internal static Rendering Render(string language, string platform) => platform switch
    {
        MethodPlatforms.EcsFargate => EcsRenderer.Render(Golden.Input("fargate.json"), new EcsOptions { Render = Golden.Options(language) }),
        MethodPlatforms.EcsEc2 => EcsRenderer.Render(Golden.Input("ec2.json"), new EcsOptions { Render = Golden.Options(language) }),
        MethodPlatforms.EcsManagedInstances => EcsRenderer.Render(Golden.Input("managed.json"), new EcsOptions { Render = Golden.Options(language) }),
        MethodPlatforms.Lambda => LambdaRenderer.Render(
            Golden.Input("function.json").Replace("RUNTIME", Runtime(language), StringComparison.Ordinal), new LambdaOptions { Render = Golden.Options(language), Layers = [Layer], CollectorConfig = "/var/task/collector.yaml" }),
        _ => KubernetesRenderer.Render(new KubernetesOptions { Render = Golden.Options(language) }),
    };

    private static string Runtime(string language) => language switch
    {
        "java" => "java21", "nodejs" => "nodejs22.x", "python" => "python3.12", "dotnet" => "dotnet8", "ruby" => "ruby3.3", _ => "provided.al2023",
    };
}
