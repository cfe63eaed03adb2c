using Gantry.Cli.Api;
using Gantry.Cli.Terminals;

namespace Gantry.Cli;

/// <summary>What a verb may use of the world around it.</summary>
/// <param name="Variable">An environment variable; null when it is not set.</param>
internal sealed record CliContext(Terminal Terminal, Func<string, string?> Variable, TimeProvider Time)
{
    /// <summary>Standard input.</summary>
    public TextReader Input { get; init; } = Console.In;

    /// <summary>What verbs show to the hub.</summary>
    public HubToken HubToken { get; } = new(Variable);

    public static CliContext OfProcess() => new(Terminal.OfProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
}
