using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Verbs;
using Gantry.Hub.Access;

namespace Gantry.Cli.Access;

/// <summary><c>gantry access enrol</c>.</summary>
internal static class EnrolCommand
{
    public static Command Create(CliContext context)
    {
        var enrol = new Verb("enrol", "Enrolment tokens, with which agents get a credential each", context)
        {
            Examples = [new Example("gantry access enrol create berlin --days 1 --uses 50", "for fifty agents, today"), new Example("gantry access enrol list", "those that count")],
        };
        enrol.Add(CreateOne(context));
        enrol.Add(CredentialVerbs.List(context, "enrol", "enrolments", "enrolment tokens"));
        enrol.Add(CredentialVerbs.Revoke(context, "enrol", "enrolments", "Agents that enrolled with it keep their own credentials; those are revoked one by one: gantry access agents revoke UID."));
        return enrol;
    }

    private static Verb CreateOne(CliContext context)
    {
        var name = CredentialVerbs.Name();
        var days = CredentialVerbs.Days(7);
        var uses = NumberOption.Create("--uses", "How many agents may enrol with it; 0: any number", "COUNT", 0, 0, 1_000_000);
        var attributes = CredentialVerbs.Attributes();
        var hub = HubAddress.Option(context);
        var verb = new Verb("create", "Make an enrolment token, and show it once", context)
        {
            Details = "An agent that starts with it (gantry-agent --token-file FILE) gets a credential of its own, bound to its instance uid; others that take\nconnection settings are offered one over OpAMP. The token goes to stdout.",
            Examples =
            [
                new Example("gantry access enrol create berlin", "for a week"),
                new Example("gantry access enrol create prod --uses 50 --attribute deployment.environment.name=prod", "for fifty agents that say so"),
            ],
        };
        foreach (var symbol in (Option[])[days, uses, attributes, hub])
        {
            verb.Add(symbol);
        }

        verb.Add(name);
        return verb.Runs((parsed, cancellation) => CredentialVerbs.CreateAsync(
            context,
            parsed.GetRequiredValue(hub),
            "enrolments",
            new EnrolmentRequest(parsed.GetRequiredValue(name), parsed.GetValue(days), parsed.GetValue(uses), CredentialVerbs.Read(parsed.GetRequiredValue(attributes))),
            cancellation));
    }
}
