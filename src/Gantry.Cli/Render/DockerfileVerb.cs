using System.CommandLine;
using Gantry.Cli.Verbs;
using Gantry.Estate.Render.Images;

namespace Gantry.Cli.Render;

/// <summary><c>gantry render dockerfile</c>.</summary>
internal static class DockerfileVerb
{
    public static Command Create(CliContext context)
    {
        var image = new Option<string?>("--image") { Description = "The program's image [default: the build's argument APP_IMAGE]", HelpName = "NAME" };
        var flags = new RenderFlags();
        var verb = new Verb("dockerfile", "A Dockerfile that puts the agent into the program's image", context)
        {
            Details = "For where neither host, pod nor task can bring the agent. An image whose name says Alpine gets the files for musl; for others say --libc.",
            Examples =
            [
                new Example("gantry render dockerfile --language dotnet --image mcr.microsoft.com/dotnet/aspnet:8.0", "the image by its name"),
                new Example("gantry render dockerfile --language python --libc musl", "then docker build --build-arg APP_IMAGE=…"),
            ],
        };
        verb.Add(image);
        flags.AddTo(verb);
        return verb.Runs((parsed, _) => Task.FromResult(RenderFlags.Write(context, DockerfileRenderer.Render(flags.Of(parsed), parsed.GetValue(image) ?? ""))));
    }
}
