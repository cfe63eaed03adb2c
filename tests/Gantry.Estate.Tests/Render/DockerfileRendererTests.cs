using Gantry.Estate.Methods;
using Gantry.Estate.Render.Images;

namespace Gantry.Estate.Tests.Render;

public class DockerfileRendererTests
{
    [Theory]
    [InlineData("python:3.12-alpine", "python", "/autoinstrumentation-musl/.")]
    [InlineData("python:3.12-slim", "python", "/autoinstrumentation/.")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:8.0-alpine", "dotnet", "linux-musl-x64")]
    [InlineData("gcr.io/distroless/java17-debian12", "java", "COPY --from=agent /javaagent.jar")]
    public void The_files_are_those_for_the_images_c_library(string image, string language, string words)
    {
        var rendering = DockerfileRenderer.Render(Golden.Options(language), image);

        Assert.StartsWith($"ARG APP_IMAGE={image}\n", rendering.Text);
        Assert.Contains(words, rendering.Text);
        // Nothing is run: a distroless image has no shell.
        Assert.DoesNotContain("RUN", rendering.Text);
    }

    [Theory]
    [InlineData("scratch")]
    [InlineData("gcr.io/distroless/static-debian12")]
    public void What_has_no_loader_loads_nothing(string image)
    {
        var rendering = DockerfileRenderer.Render(Golden.Options("java"), image);

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.StartsWith($"{image} has no C library", StringComparison.Ordinal));
    }

    /// <summary>Each line begins with an instruction, the first is ARG, and what is copied from a stage is copied from one that is there.</summary>
    [Fact]
    public void A_dockerfile_is_one()
    {
        foreach (var language in MethodLanguages.All)
        {
            if (DockerfileRenderer.Render(Golden.Options(language.Id)).Text is { } text)
            {
                var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.All(lines, line => Assert.Matches("^(ARG [A-Z_]+(=.+)?|FROM [^ ]+( AS [a-z]+)?|COPY (--from=[a-z]+ )?[^ ]+ [^ ]+|RUN .+|ENV [A-Z_]+=\".*\")$", line));
                Assert.StartsWith("ARG APP_IMAGE", lines[0]);
                Assert.Equal("FROM ${APP_IMAGE}", lines.Last(line => line.StartsWith("FROM", StringComparison.Ordinal)));
                Assert.Equal(text.Contains("--from=agent", StringComparison.Ordinal), text.Contains(" AS agent", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("java:1\nRUN x", "", "--image")]
    [InlineData("java AS y", "", "--image")]
    [InlineData("java:1", "a\nUSER root", "--service")]
    public void A_value_cannot_begin_an_instruction(string image, string service, string words)
    {
        var rendering = DockerfileRenderer.Render(Golden.Options("java") with { Service = service }, image);

        Assert.Null(rendering.Text);
        Assert.StartsWith(words, Assert.Single(rendering.Problems));
    }

    [Fact]
    public void A_value_cannot_leave_its_quotes() => Assert.Contains(
        """ENV OTEL_SERVICE_NAME="a\"\\\${B}" """.TrimEnd(), DockerfileRenderer.Render(Golden.Options("java") with { Service = """a"\${B}""" }).Text);
}
