using System.Diagnostics;

namespace Gantry.Benchmarks.Servers;

/// <summary>The programs that are measured, each as it is started. All were built together with this one.</summary>
internal static class Programs
{
    /// <summary>The share that all gateways keep: the consistent threshold of 10 % with four digits, <c>th:e666</c>.</summary>
    public const string Probability = "0.1";

    /// <summary>The program <c>gantry</c>, for <c>dotnet</c> to run.</summary>
    public static string Cli => Path.Combine(Folder("Gantry.Cli"), "gantry.dll");

    private static string Folder(string project) => Path.Combine(Repository.Root, "artifacts", "bin", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)));

    /// <summary><c>gantry gateway</c>, reporting to and forwarding to <paramref name="backend"/>.</summary>
    /// <param name="policy">A SamplingPolicy resource file; null passes all spans on.</param>
    /// <param name="core">The one processor that it may use; null: all.</param>
    public static Task<ServerProcess> GatewayAsync(Uri backend, string? policy, int? core = null)
    {
        var start = Dotnet(core, Cli, "gateway", "--grpc-port", "0", "--http-port", "0", "--hub", $"{backend}", "--forward", $"{backend}");
        if (policy is not null)
        {
            start.ArgumentList.Add("--sampling");
            start.ArgumentList.Add(policy);
        }

        return ServerProcess.StartAsync("gantry gateway", start);
    }

    /// <summary>The straightforward gateway.</summary>
    /// <param name="samples">False passes all spans on.</param>
    public static Task<ServerProcess> PlainAsync(Uri backend, bool samples) => ServerProcess.StartAsync("the plain gateway", Dotnet(
        null, Path.Combine(Folder("Gantry.PlainGateway"), "Gantry.PlainGateway.dll"), $"{backend}", samples ? Probability : "1"));

    /// <summary>The gateway's doors alone, under the runtime settings that the gateway has.</summary>
    public static Task<ServerProcess> FloorAsync() => ServerProcess.StartAsync("the floor server", Dotnet(
        null, "exec", "--runtimeconfig", Path.Combine(Folder("Gantry.Cli"), "gantry.runtimeconfig.json"), Path.Combine(Folder("Gantry.Benchmarks"), "Gantry.Benchmarks.dll"), FloorServer.Verb));

    /// <summary>The service that is attached to, on the first processor. It prints its address, and ends with its input.</summary>
    public static ProcessStartInfo AttachTarget()
    {
        var start = Dotnet(0, Path.Combine(Folder("Gantry.AttachTarget"), "Gantry.AttachTarget.dll"));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return start;
    }

    /// <summary>Whether <c>gantry gateway</c> has <c>--sampling</c>.</summary>
    public static async Task<bool> GatewaySamplesAsync()
    {
        var start = Dotnet(null, Cli, "gateway", "--help");
        start.RedirectStandardOutput = true;
        using var help = Process.Start(start) ?? throw new BenchmarkException("dotnet did not start");
        var words = new System.Text.StringBuilder();
        help.OutputDataReceived += (_, line) => words.AppendLine(line.Data);
        help.BeginOutputReadLine();
        await help.WaitForExitAsync();
        return words.ToString().Contains("--sampling", StringComparison.Ordinal);
    }

    /// <summary>The policy that <see cref="Probability"/> stands for, as a file.</summary>
    public static string WritePolicy(string folder)
    {
        var file = Path.Combine(folder, "sampling.yaml");
        File.WriteAllText(file, $"""
            apiVersion: gantry/v1
            kind: SamplingPolicy
            metadata:
              name: bench
            spec:
              default:
                probability: {Probability}

            """);
        return file;
    }

    private static ProcessStartInfo Dotnet(int? core, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(core is null ? "dotnet" : "taskset") { UseShellExecute = false };
        foreach (var argument in core is null ? [] : new[] { "-c", $"{core}", "dotnet" })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
