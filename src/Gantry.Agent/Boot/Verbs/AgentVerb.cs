namespace Gantry.Agent.Boot.Verbs;

/// <summary>Something that gantry-agent does once, by hand: <c>gantry-agent NAME …</c>.</summary>
/// <param name="Usage">Behind the name: "PID [--for TIME]".</param>
/// <param name="Summary">One line of the list of verbs.</param>
/// <param name="Help">What <c>gantry-agent NAME --help</c> prints: usage, options with defaults, an example.</param>
/// <param name="RunAsync">Takes what stands behind the name. Returns the exit code: 0 done, 1 it could not be done, with the reason on <see cref="VerbConsole.Error"/>.</param>
internal sealed record AgentVerb(string Name, string Usage, string Summary, string Help, Func<VerbConsole, IReadOnlyList<string>, CancellationToken, Task<int>> RunAsync);

/// <summary>Where a verb writes: what was asked for to Out, everything else to Error.</summary>
internal sealed record VerbConsole(TextWriter Out, TextWriter Error, TimeProvider Time)
{
    /// <returns>1, for the caller to return.</returns>
    public int Fail(string reason)
    {
        Error.WriteLine($"gantry-agent: {reason.ReplaceLineEndings(" ")}");
        return 1;
    }
}
