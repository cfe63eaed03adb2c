using System.CommandLine;
using Gantry.Cli.Verbs;

namespace Gantry.Cli.Import;

/// <summary><c>gantry import</c>: what another tool knows, as documents of Gantry.</summary>
internal static class ImportCommand
{
    public static Command Create(CliContext context)
    {
        var import = new Verb("import", "Make documents of what another catalogue knows", context)
        {
            Examples = [new Example("gantry import backstage catalog-info.yaml", "Service documents of a Backstage catalogue")],
        };
        import.Add(BackstageCommand.Create(context));
        return import;
    }
}
