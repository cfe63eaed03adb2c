using System.CommandLine;
using Gantry.Cli.Methods;
using Gantry.Estate.Methods;
using Gantry.Estate.Render;

namespace Gantry.Cli.Render;

/// <summary>The options that every renderer has.</summary>
internal sealed class RenderFlags
{
    private readonly Option<string?> _language = MethodOptions.Language(required: true);

    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "Where telemetry goes: an OTLP/HTTP address, such as http://gateway.example:4318", HelpName = "URL" };

    private readonly Option<string?> _service = new("--service") { Description = "service.name [default: the target's own name]", HelpName = "NAME" };

    private readonly Option<string[]> _attributes = new("--attribute") { Description = "A further resource attribute; may be given several times", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };

    private readonly Option<string?> _image = new("--agent-image") { Description = "Image with the language's agent [default: the OpenTelemetry Operator's]", HelpName = "IMAGE" };

    private readonly Option<string?> _libc = MethodOptions.Libc();

    private readonly Option<string?> _architecture = MethodOptions.Architecture();

    public RenderFlags()
    {
        _endpoint.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                result.AddError($"--endpoint '{result.Tokens[0].Value}': expected http:// or https://, such as http://gateway.example:4318");
            }
        });
        _attributes.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--attribute '{token.Value}': expected KEY=VALUE, such as deployment.environment.name=prod");
            }
        });
    }

    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { _language, _endpoint, _service, _attributes, _image, _libc, _architecture })
        {
            verb.Add(option);
        }
    }

    public RenderOptions Of(ParseResult parsed, string? obiImage = null) => new()
    {
        Language = MethodLanguages.Find(parsed.GetValue(_language)!)!,
        Endpoint = parsed.GetValue(_endpoint) ?? "",
        Service = parsed.GetValue(_service) ?? "",
        Attributes = (parsed.GetValue(_attributes) ?? []).Select(pair => pair.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]),
        AgentImage = parsed.GetValue(_image) ?? "",
        Libc = parsed.GetValue(_libc) ?? "glibc",
        Architecture = parsed.GetValue(_architecture) ?? "",
        ObiImage = obiImage ?? RenderDefaults.ObiImage,
    };

    public static Option<string?> ObiImage() => new("--obi-image") { Description = $"Image of OBI [default: {RenderDefaults.ObiImage}]", HelpName = "IMAGE" };

    /// <summary>The document to stdout, what is to be known about it to stderr.</summary>
    /// <exception cref="CommandFailure">There is no document; every reason has been said.</exception>
    public static int Write(CliContext context, Rendering rendering)
    {
        foreach (var note in rendering.Notes)
        {
            context.Terminal.Note($"note: {note}");
        }

        if (rendering.Text is null)
        {
            foreach (var problem in rendering.Problems)
            {
                context.Terminal.Note(problem);
            }

            throw new CommandFailure("nothing was rendered", ExitCodes.Refused);
        }

        context.Terminal.Out.Write(rendering.Text);
        return ExitCodes.Ok;
    }
}
