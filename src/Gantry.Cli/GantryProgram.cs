using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Gantry.Cli.Access;
using Gantry.Cli.Api;
using Gantry.Cli.Conformance;
using Gantry.Cli.Declare;
using Gantry.Cli.Demo;
using Gantry.Cli.Explain;
using Gantry.Cli.Get;
using Gantry.Cli.Import;
using Gantry.Cli.Journeys;
using Gantry.Cli.Methods;
using Gantry.Cli.OpenSlo;
using Gantry.Cli.Render;
using Gantry.Cli.Sampling;
using Gantry.Cli.Serve;
using Gantry.Cli.Verbs;

namespace Gantry.Cli;

/// <summary>The verbs of <c>gantry</c>, and how any of them is run.</summary>
internal static class GantryProgram
{
    public static RootCommand Create(CliContext context)
    {
        var root = new RootCommand("Gantry: one place from which to put OpenTelemetry on everything you run, without code changes.")
        {
            UpCommand.Create(context),
            HubCommand.Create(context),
            GatewayCommand.Create(context),
            GetCommand.Create(context),
            DescribeCommand.Create(context),
            ScoreCommand.Create(context),
            ExplainAgentCommand.Create(context),
            CoverageCommand.Create(context),
            JourneyCommand.Create(context),
            NextCommand.Create(context),
            MethodCommand.Create(context),
            RenderCommand.Create(context),
            ApplyCommand.Create(context),
            ValidateCommand.Create(context),
            PreviewCommand.Create(context),
            InstrumentCommand.Create(context),
            DiffCommand.Create(context),
            ImportCommand.Create(context),
            ExportCommand.Create(context),
            DeleteCommand.Create(context),
            OpenSloCommand.Create(context),
            SamplingCommand.Create(context),
            AccessCommand.Create(context),
            ConformanceCommand.Create(context),
            DemoCommand.Create(context),
        };
        HubToken.AddOptions(root);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new TeachingHelp((HelpAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellation)
    {
        var root = Create(context);
        // Without a verb: what there is to choose from, and no complaint.
        var parsed = root.Parse(args.Count == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                context.Terminal.Fail(error.Message);
            }

            context.Terminal.Note($"Help: gantry{Path(parsed.CommandResult.Command)} --help");
            return ExitCodes.Error;
        }

        context.HubToken.Take(parsed);
        var configuration = new InvocationConfiguration
        {
            Output = context.Terminal.Out,
            Error = context.Terminal.Error,
            // Signals are Interrupt's, exceptions are Verb's.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        return await parsed.InvokeAsync(configuration, cancellation);
    }

    private static string Path(Command command) =>
        command is RootCommand ? "" : Path(command.Parents.OfType<Command>().First()) + " " + command.Name;
}
