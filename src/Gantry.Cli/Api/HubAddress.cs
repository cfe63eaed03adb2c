using System.CommandLine;

namespace Gantry.Cli.Api;

/// <summary>The option <c>--hub</c> of the verbs that ask a hub.</summary>
internal static class HubAddress
{
    public const string Default = "http://127.0.0.1:4320";

    public static Option<Uri> Option(CliContext context) => Address.Option(context, "--hub", "The hub's address", "GANTRY_HUB", Default);
}
