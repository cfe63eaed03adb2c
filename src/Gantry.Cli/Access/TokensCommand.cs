using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Verbs;
using Gantry.Hub.Access;

namespace Gantry.Cli.Access;

/// <summary><c>gantry access tokens</c>.</summary>
internal static class TokensCommand
{
    private static readonly string[] Roles = ["viewer", "operator", "admin", "gateway", "agent"];

    public static Command Create(CliContext context)
    {
        var tokens = new Verb("tokens", "Tokens of people, gateways and agents", context)
        {
            Examples = [new Example("gantry access tokens list", "who has access"), new Example("gantry access tokens create ada --role operator", "a token for a person")],
        };
        tokens.Add(CreateOne(context));
        tokens.Add(CredentialVerbs.List(context, "tokens", "tokens", "tokens of people, gateways and agents"));
        tokens.Add(CredentialVerbs.Revoke(context, "tokens", "tokens", "What was opened with it is closed, sessions and connections of agents too. The last admin token stays: exit code 5."));
        return tokens;
    }

    private static Verb CreateOne(CliContext context)
    {
        var name = CredentialVerbs.Name();
        var role = new Option<string>("--role") { Description = "What it is for", HelpName = string.Join('|', Roles), Required = true };
        role.AcceptOnlyFromAmong(Roles);
        var days = CredentialVerbs.Days(0);
        var attributes = CredentialVerbs.Attributes();
        var hub = HubAddress.Option(context);
        var verb = new Verb("create", "Make a token, and show it once", context)
        {
            Details = "The token goes to stdout, everything else to stderr.",
            Examples =
            [
                new Example("gantry access tokens create ada --role operator", "for a person"),
                new Example("gantry access tokens create berlin-gateway --role gateway --days 90", "for a gateway: gantry gateway --hub-token-file FILE"),
                new Example("gantry access tokens create alloy-berlin --role agent", "for agents that cannot enrol"),
            ],
        };
        foreach (var symbol in (Option[])[role, days, attributes, hub])
        {
            verb.Add(symbol);
        }

        verb.Add(name);
        return verb.Runs((parsed, cancellation) => CredentialVerbs.CreateAsync(
            context,
            parsed.GetRequiredValue(hub),
            "tokens",
            new TokenRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(role), parsed.GetValue(days), CredentialVerbs.Read(parsed.GetRequiredValue(attributes))),
            cancellation));
    }
}
