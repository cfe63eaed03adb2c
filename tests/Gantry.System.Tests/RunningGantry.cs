using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Gantry.System.Tests;

/// <summary>A serving verb on free ports, with its doors as it printed them.</summary>
internal sealed partial class RunningGantry : IAsyncDisposable
{
    private readonly GantryProcess _process;

    private RunningGantry(GantryProcess process, TimeSpan readyAfter)
    {
        _process = process;
        ReadyAfter = readyAfter;
    }

    /// <summary>From the start of the process to the first 200 of /readyz.</summary>
    public TimeSpan ReadyAfter { get; }

    public string Hub => Door("Web");

    public string Gateway => Door("OTLP/HTTP");

    public string Out => _process.Out;

    /// <summary>For verbs that are to find it.</summary>
    public (string Name, string Value)[] Environment => [("GANTRY_HUB", Hub), ("GANTRY_GATEWAY", Gateway)];

    public static Task<RunningGantry> UpAsync(string data) => StartAsync(["up", "--data", data, "--hub-port", "0", "--grpc-port", "0", "--http-port", "0"]);

    public static Task<RunningGantry> HubAsync(string data) => StartAsync(["hub", "--data", data, "--hub-port", "0"]);

    /// <summary>One of several hubs on a database.</summary>
    public static Task<RunningGantry> NodeAsync(string database) => StartAsync(["hub", "--hub-port", "0"], ("GANTRY_DATABASE", database));

    /// <summary>As a machine that lost its power.</summary>
    public Task KillAsync() => _process.StopAsync(GantryProcess.SigKill, 128 + GantryProcess.SigKill);

    public async Task WaitForAsync(string what, Func<bool> isThere, TimeSpan limit) => await _process.WaitForAsync(what, isThere, limit);

    /// <summary>Ends it with a signal: exit code 0, and it must not have logged an error.</summary>
    public async Task StopAsync(int signal)
    {
        await _process.StopAsync(signal);
        Assert.DoesNotContain(" error ", _process.Error);
        Assert.DoesNotContain("   at ", _process.Error);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<RunningGantry> StartAsync(string[] args, params (string Name, string Value)[] environment)
    {
        var clock = Stopwatch.StartNew();
        var process = GantryProcess.Start(environment, args);
        try
        {
            // Printed once ready: the doors, then an empty line.
            await process.WaitForAsync("the doors on stdout", () => process.Out.Contains("  Data  ", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
            var running = new RunningGantry(process, TimeSpan.Zero);
            using var http = new HttpClient();
            using var ready = await http.GetAsync(new Uri(running.Hub + "readyz"));
            Assert.True(ready.IsSuccessStatusCode, $"/readyz answered {(int)ready.StatusCode}");
            return new RunningGantry(process, clock.Elapsed);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private string Door(string name) =>
        DoorLine().Matches(_process.Out).First(match => match.Groups["name"].Value == name).Groups["address"].Value;

    [GeneratedRegex(@"^  (?<name>\S+) +(?<address>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DoorLine();
}
