namespace Gantry.Cli;

/// <summary>What the program's exit code says. Scripts rely on these: a code never changes its meaning.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It failed; the last line on stderr says why and what helps.</summary>
    public const int Error = 1;

    /// <summary>A comparison found differences.</summary>
    public const int Differences = 2;

    /// <summary>Validation or a guardrail refused.</summary>
    public const int Refused = 3;

    /// <summary>The hub wants other credentials.</summary>
    public const int Authentication = 4;

    /// <summary>What the command builds on has changed meanwhile, or the name is taken.</summary>
    public const int Conflict = 5;

    public const int RolloutFailed = 6;

    /// <summary>What was waited for did not happen in time.</summary>
    public const int Timeout = 7;

    public const int HubUnreachable = 8;

    /// <summary>Ctrl-C (or SIGTERM) before the command was done.</summary>
    public const int Interrupted = 130;
}
