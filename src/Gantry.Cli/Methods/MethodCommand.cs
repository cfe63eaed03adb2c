using System.CommandLine;
using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Verbs;
using Gantry.Estate.Methods;
using Gantry.Hub.Methods;

namespace Gantry.Cli.Methods;

/// <summary><c>gantry method</c>: how a service, a process, an image or a language can be instrumented, what that costs, and what is impossible.</summary>
internal static class MethodCommand
{
    public static Command Create(CliContext context)
    {
        var target = new Argument<string?>("SERVICE|PROCESS") { Description = "A service by name or id, or a process as PID or HOST/PID, at the hub; nothing: what the options say", Arity = ArgumentArity.ZeroOrOne };
        var language = MethodOptions.Language(required: false);
        var platform = MethodOptions.Platform("Where it runs");
        var version = new Option<string?>("--runtime-version") { Description = "Version of the language's runtime, such as 8.0.11", HelpName = "VERSION" };
        var libc = MethodOptions.Libc();
        var architecture = MethodOptions.Architecture();
        var image = new Option<string?>("--image") { Description = "An image by its name, such as node:20-alpine; nothing is fetched", HelpName = "NAME" };
        var dockerfile = new Option<string?>("--dockerfile") { Description = "The image that this Dockerfile makes", HelpName = "FILE" };
        var inspect = new Option<string?>("--inspect") { Description = "The image that `docker inspect` wrote this of", HelpName = "FILE" };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Wide, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("method", "How something can be instrumented: the method for each rung, its cost, and what is impossible", context)
        {
            Details =
                "Rung 2 is RED of a service and who talks to whom, rung 3 is traces. The first method of a rung is the recommended one; each says what has to\n" +
                "start again, which rights it takes and whether the image changes. Without SERVICE or PROCESS no hub is asked. -o wide adds the sources.",
            Examples =
            [
                new Example("gantry method payments", "a service that the hub knows"),
                new Example("gantry method web-1/4711", "a process of a host"),
                new Example("gantry method --language rust --platform ecs-fargate", "without a hub"),
                new Example("gantry method --image node:20-alpine --platform kubernetes", "an image, by its name"),
                new Example("gantry method --dockerfile Dockerfile --platform ecs-fargate -o json", "an image, by what makes it"),
            ],
        };
        verb.Add(target);
        foreach (var option in new Option[] { language, platform, version, libc, architecture, image, dockerfile, inspect, format, hub })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            JsonElement rows;
            if (parsed.GetValue(target) is { } asked)
            {
                using var client = new HubClient(context, parsed.GetRequiredValue(hub));
                var where = parsed.GetValue(platform) is { } named ? $"&platform={Uri.EscapeDataString(named)}" : "";
                rows = await client.GetJsonAsync($"method?of={Uri.EscapeDataString(asked)}{where}", cancellation);
            }
            else
            {
                var known = await ImageFiles.TraitsAsync(parsed.GetValue(image), parsed.GetValue(dockerfile), parsed.GetValue(inspect), cancellation);
                var row = Offline(known, parsed.GetValue(language), parsed.GetValue(platform), parsed.GetValue(version), parsed.GetValue(libc), parsed.GetValue(architecture));
                rows = JsonSerializer.SerializeToElement(new[] { row }, JsonSerializerOptions.Web);
            }

            return OutputFormats.Write<List<MethodRow>>(context, rows, parsed.GetRequiredValue(format), read => MethodText.Write(context.Terminal.Out, read, parsed.GetRequiredValue(format) == OutputFormats.Wide));
        });
    }

    private static MethodRow Offline(ImageTraits? image, string? language, string? platform, string? version, string? libc, string? architecture)
    {
        var traits = (image?.Traits ?? new ProcessTraits()) with { };
        if (language is not null)
        {
            traits = traits with { Language = MethodLanguages.Find(language), RuntimeVersion = image?.Language?.Id == MethodLanguages.Find(language)?.Id ? traits.RuntimeVersion : "" };
        }

        traits = traits with { RuntimeVersion = version ?? traits.RuntimeVersion, Libc = libc ?? traits.Libc, Architecture = architecture ?? traits.Architecture, IsNativeCode = traits.Language?.Id == "dotnet-native" ? true : null };
        if (traits.Language is null)
        {
            throw new CommandFailure(image is null
                ? "nothing says what to look at: name a service or process, or give --language, --image, --dockerfile or --inspect"
                : $"{image.Because} does not say which language runs in it; give --language");
        }

        if (platform is null)
        {
            throw new CommandFailure($"--platform is missing: expected {string.Join(", ", MethodPlatforms.All.Select(known => known.Id))}");
        }

        var of = image is null ? "" : $"{traits.Language.Title}, by {image.Because}";
        return MethodRow.From(of, MethodCatalogue.Advise(traits, MethodPlatforms.Find(platform)!));
    }
}
