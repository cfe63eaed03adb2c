using System.Diagnostics;
using System.Text.Json;

namespace Gantry.Agent.Native.Tests;

/// <summary>Publishes gantry-agent with NativeAOT, once, and looks at what came out.</summary>
public sealed class PublishedAgent : IAsyncLifetime
{
    public string Binary => Path.Combine(Folder, "gantry-agent");

    public string Output { get; private set; } = "";

    private static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "native-test");

    public async ValueTask InitializeAsync()
    {
        var (code, output, error) = await RunAsync(
            "dotnet", "publish", Path.Combine(Repository.Root, "src", "Gantry.Agent"), "-c", "Release", "-r", "linux-x64", "-o", Folder, "--nologo");
        Output = output + error;
        Assert.True(code == 0, Output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}

public class NativeAgentTests(PublishedAgent agent) : IClassFixture<PublishedAgent>
{
    [Fact]
    public void Publishing_warns_of_nothing() => Assert.DoesNotContain("warning", agent.Output, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void The_binary_is_small_and_needs_no_runtime()
    {
        Assert.InRange(new FileInfo(agent.Binary).Length, 1_000_000, 12_000_000);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(agent.Binary)!, "*.dll"));
    }

    [Fact]
    public async Task It_measures_this_host_and_finds_this_process()
    {
        var (code, output, error) = await PublishedAgent.RunAsync(agent.Binary, "--once", "--json");

        Assert.True(code == 0, error);
        using var sample = JsonDocument.Parse(output);
        Assert.Contains("system.cpu.time", output, StringComparison.Ordinal);
        Assert.Contains("system.network.errors", output, StringComparison.Ordinal);
        Assert.Contains("dotnet", output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, sample.RootElement.ValueKind);
    }

    [Fact]
    public async Task A_wrong_option_is_one_line_and_exit_1()
    {
        var (code, output, error) = await PublishedAgent.RunAsync(agent.Binary, "--interval", "banana");

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("banana", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
