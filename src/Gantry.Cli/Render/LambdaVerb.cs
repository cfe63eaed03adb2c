using System.CommandLine;
using Gantry.Cli.Methods;
using Gantry.Cli.Verbs;
using Gantry.Estate.Render.Lambda;

namespace Gantry.Cli.Render;

/// <summary><c>gantry render lambda</c>.</summary>
internal static class LambdaVerb
{
    public static Command Create(CliContext context)
    {
        var function = new Option<string?>("--function") { Description = "What get-function-configuration writes: its layers and variables stay", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The function, where no --function is given: one with neither layers nor variables", HelpName = "NAME" };
        var layers = new Option<string[]>("--layer") { Description = "A layer with its version: the language's, and the collector's; may be given several times", HelpName = "ARN" };
        var collector = new Option<string?>("--collector-config") { Description = "Where the collector layer reads its configuration: /var/task/…, https://… or s3://…", HelpName = "URI" };
        var flags = new RenderFlags();
        var verb = new Verb("lambda", "A function's configuration with layers, wrapper and variables", context)
        {
            Details = "The result is the input of `aws lambda update-function-configuration --cli-input-json`. No ARN is made up: the releases of the layers list them.",
            Examples =
            [
                new Example("gantry render lambda --function thumbnails.json --language nodejs --layer ARN --collector-config /var/task/collector.yaml", "a function that is there"),
                new Example("gantry render lambda --name thumbnails --language python --layer ARN", "one without layers and variables"),
            ],
        };
        foreach (var option in new Option[] { function, name, layers, collector })
        {
            verb.Add(option);
        }

        flags.AddTo(verb);
        return verb.Runs(async (parsed, cancellation) =>
        {
            var text = parsed.GetValue(function) is { } file ? await TextFile.ReadAsync("--function", file, cancellation) : "";
            return RenderFlags.Write(context, LambdaRenderer.Render(text, new LambdaOptions
            {
                Render = flags.Of(parsed), Name = parsed.GetValue(name) ?? "", Layers = parsed.GetValue(layers) ?? [], CollectorConfig = parsed.GetValue(collector) ?? "",
            }));
        });
    }
}
