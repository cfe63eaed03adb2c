using System.Diagnostics;

namespace Gantry.Agent.Tests.Support;

internal static class Commands
{
    /// <summary>The agent's own program, as built beside the tests.</summary>
    public static string Agent => typeof(GantryAgent).Assembly.Location;

    /// <summary>A command line that runs it with the runtime and the libraries of the tests.</summary>
    public static string[] RunAgent(params string[] arguments)
    {
        var tests = Path.ChangeExtension(typeof(Commands).Assembly.Location, null);
        return ["dotnet", "exec", "--runtimeconfig", tests + ".runtimeconfig.json", "--depsfile", tests + ".deps.json", Agent, .. arguments];
    }

    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
