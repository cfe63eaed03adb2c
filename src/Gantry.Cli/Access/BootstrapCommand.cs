using System.CommandLine;
using Gantry.Cli.Serve;
using Gantry.Cli.Verbs;
using Gantry.Hub;
using Gantry.Hub.Access;
using Gantry.Hub.Storage;

namespace Gantry.Cli.Access;

/// <summary><c>gantry access bootstrap</c>: the first admin token, from the state itself and through no door.</summary>
internal static class BootstrapCommand
{
    public static Command Create(CliContext context)
    {
        var data = ServeOptions.Data(context);
        var database = ServeOptions.Database(context);
        var verb = new Verb("bootstrap", "Make the first admin token, and show it once", context)
        {
            Details =
                "Works on the hub's data folder or database itself, so only those who can write it can do this. With a data folder the hub must not run; one that runs on\n" +
                "loopback makes the first token too: gantry access tokens create NAME --role admin. The token goes to stdout, everything else to stderr.",
            Examples =
            [
                new Example("gantry access bootstrap", "of the usual data folder"),
                new Example("gantry access bootstrap --data ./state", "of another"),
            ],
        };
        verb.Add(data);
        verb.Add(database);
        return verb.Runs((parsed, _) => Task.FromResult(Run(context, new HubOptions { DataFolder = parsed.GetRequiredValue(data), Database = parsed.GetValue(database) })));
    }

    private static int Run(CliContext context, HubOptions options)
    {
        using var folder = options.Database is null ? DataFolder.Hold(options.DataFolder) : null;
        IssuedToken? issued;
        try
        {
            issued = AccessBootstrap.FirstAdmin(folder is null ? options : options with { DataFolder = folder.Path }, "first admin", context.Time);
        }
        catch (HubStorageException exception)
        {
            throw new CommandFailure(exception.Message);
        }

        if (issued is null)
        {
            throw new CommandFailure("there is an admin token already; its holder makes others with `gantry access tokens create NAME --role admin`", ExitCodes.Conflict);
        }

        IssuedText.Write(context, issued);
        return ExitCodes.Ok;
    }
}
