namespace Gantry.Cli;

/// <summary>A failure that a user can do something about. The message is one line that names the thing and the fix; there is no stack trace.</summary>
internal sealed class CommandFailure(string message, int exitCode = ExitCodes.Error) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
