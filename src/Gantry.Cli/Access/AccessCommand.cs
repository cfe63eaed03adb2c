using System.CommandLine;
using Gantry.Cli.Verbs;

namespace Gantry.Cli.Access;

/// <summary><c>gantry access</c>: who may do what at a hub, and who did.</summary>
internal static class AccessCommand
{
    public static Command Create(CliContext context)
    {
        var access = new Verb("access", "Who may do what at a hub, and who did", context)
        {
            Details = "Until there is an admin token, a hub on loopback lets everybody on its machine do everything, and a hub elsewhere does not start.\n" +
                "docs/access.md has the roles, what each door asks for, and how agents enrol.",
            Examples =
            [
                new Example("gantry access bootstrap", "the first admin token"),
                new Example("gantry access tokens create berlin-gateway --role gateway", "a token for a gateway"),
                new Example("gantry access enrol create berlin --days 1 --uses 50", "a token with which 50 agents get a credential each"),
                new Example("gantry access audit --what denied", "who was refused"),
            ],
        };
        access.Add(BootstrapCommand.Create(context));
        access.Add(TokensCommand.Create(context));
        access.Add(EnrolCommand.Create(context));
        access.Add(AgentsCommand.Create(context));
        access.Add(AuditCommand.Create(context));
        return access;
    }
}
