using System.CommandLine;

namespace Gantry.Cli.Api;

/// <summary>The option <c>--hub</c> of the verbs that ask a hub.</summary>
internal static class HubAddress
{
    public const string Default = "http://127.0.0.1:4320";

    public static Option<Uri> Option(CliContext context) => new("--hub")
    {
        Description = $"The hub's address [default: GANTRY_HUB, else {Default}]",
        HelpName = "URL",
        CustomParser = result => Address.Parse(result, result.Tokens[0].Value, "--hub"),
        DefaultValueFactory = result => Address.Parse(result, context.Variable("GANTRY_HUB") is { Length: > 0 } named ? named : Default, "GANTRY_HUB")!,
    };
}
