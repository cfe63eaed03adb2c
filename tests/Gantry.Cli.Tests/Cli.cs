using Gantry.Cli.Terminals;

namespace Gantry.Cli.Tests;

/// <summary>The program in this process: arguments in, exit code and both streams out.</summary>
internal sealed record Cli(int ExitCode, string Out, string Error)
{
    /// <summary>Far longer than anything here takes: a hang fails, and says so by its exit code.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task<Cli> RunAsync(params string[] args) => RunWithAsync(Environment(), args);

    public static async Task<Cli> RunWithAsync(
        IReadOnlyDictionary<string, string> environment, string[] args, TimeProvider? time = null, string input = "", CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error), Paint.None, Paint.None);
        var context = new CliContext(terminal, environment.GetValueOrDefault, time ?? TimeProvider.System) { Input = new StringReader(input) };
        var code = await GantryProgram.RunAsync(args, context, limit.Token);
        return new Cli(code, output.ToString(), error.ToString());
    }

    public static Dictionary<string, string> Environment(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value);

    /// <summary>Failed as a user may see it: one line that has all of this, nothing on stdout, no trace.</summary>
    public void FailedWith(int exitCode, params string[] words)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Empty(Out);
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("gantry: ", line);
        Assert.All(words, word => Assert.Contains(word, line));
    }
}
