using System.CommandLine;

namespace Gantry.Cli.Verbs;

/// <summary>A command line to copy, and what it does.</summary>
internal sealed record Example(string Line, string Does);

/// <summary>A command that teaches (details and examples follow its options in <c>--help</c>) and whose failures are one line and an exit code.</summary>
internal sealed class Verb(string name, string description, CliContext context) : Command(name, description)
{
    /// <summary>Paragraphs below the options.</summary>
    public string Details { get; init; } = "";

    public IReadOnlyList<Example> Examples { get; init; } = [];

    public Verb Runs(Func<ParseResult, CancellationToken, Task<int>> run)
    {
        SetAction((parsed, cancellation) => GuardAsync(() => run(parsed, cancellation), cancellation));
        return this;
    }

    private async Task<int> GuardAsync(Func<Task<int>> run, CancellationToken cancellation)
    {
        try
        {
            return await run();
        }
        catch (CommandFailure failure)
        {
            context.Terminal.Fail(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception bug)
        {
            context.Terminal.Fail($"this is a bug in gantry, please report it with what follows: {bug}");
            return ExitCodes.Error;
        }
    }
}
