using System.Diagnostics;
using System.Text.Json;

namespace Gantry.System.Tests;

public sealed class UpTests : IDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan VerbLimit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gantry-system-");

    [Fact]
    public async Task This_machine_is_on_rung_1_within_15_s_and_a_second_start_has_everything()
    {
        string host;
        await using (var up = await RunningGantry.UpAsync(_data.FullName))
        {
            Assert.True(up.ReadyAfter < ReadyLimit, $"expected to be ready within {ReadyLimit.TotalSeconds} s; it took {up.ReadyAfter.TotalSeconds:0.0} s");
            var seen = await HostOnRungAsync(up, 1, TimeSpan.FromSeconds(15));
            host = seen.GetProperty("id").GetString()!;
            Assert.All(seen.GetProperty("evidence").EnumerateArray(), evidence => Assert.Equal("fresh", evidence.GetProperty("state").GetString()));

            // Gantry itself is a service like any other: it listens, so it must send.
            await PollAsync("gantry as a service that sends", TimeSpan.FromSeconds(30), async () =>
                (await GetAsync(up, "services")).Any(row => row.GetProperty("name").GetString() == "gantry" && !row.GetProperty("dark").GetBoolean()));
            await up.WaitForAsync("the next step on stdout", () => up.Out.Contains("Next: ", StringComparison.Ordinal), TimeSpan.FromSeconds(15));

            await up.StopAsync(GantryProcess.SigInt);
        }

        // The hub alone: nobody is there who could tell it anew.
        await using var hub = await RunningGantry.HubAsync(_data.FullName);
        var kept = Assert.Single(await GetAsync(hub, "hosts"));
        Assert.Equal(host, kept.GetProperty("id").GetString());
        Assert.Equal(1, kept.GetProperty("rung").GetInt32());
        Assert.Contains(await GetAsync(hub, "services"), row => row.GetProperty("name").GetString() == "gantry");
        await hub.StopAsync(GantryProcess.SigTerm);
    }

    [Fact]
    public async Task A_second_up_on_the_same_folder_is_refused_in_one_line()
    {
        await using var up = await RunningGantry.UpAsync(_data.FullName);

        var (code, output, error) = await GantryProcess.RunAsync([], VerbLimit, "up", "--data", _data.FullName, "--hub-port", "0", "--grpc-port", "0", "--http-port", "0");

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(up.Hub, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        await up.StopAsync(GantryProcess.SigTerm);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_no_trace()
    {
        await using var up = await RunningGantry.UpAsync(_data.FullName);
        var port = new Uri(up.Gateway).Port;

        var (code, _, error) = await GantryProcess.RunAsync(
            [], VerbLimit, "up", "--data", Path.Combine(_data.FullName, "other"), "--hub-port", "0", "--grpc-port", "0", "--http-port", $"{port}");

        Assert.Equal(1, code);
        Assert.StartsWith($"gantry: port {port} (OTLP/HTTP) is taken", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        await up.StopAsync(GantryProcess.SigInt);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static async Task<JsonElement> HostOnRungAsync(RunningGantry up, int rung, TimeSpan limit)
    {
        JsonElement found = default;
        await PollAsync($"a host on rung {rung} in `get hosts -o json`", limit, async () =>
        {
            found = (await GetAsync(up, "hosts")).FirstOrDefault(row => row.GetProperty("rung").GetInt32() == rung);
            return found.ValueKind == JsonValueKind.Object;
        });
        return found;
    }

    private static async Task<List<JsonElement>> GetAsync(RunningGantry gantry, string resource)
    {
        var (code, output, error) = await GantryProcess.RunAsync([("GANTRY_HUB", gantry.Hub)], VerbLimit, "get", resource, "-o", "json");
        Assert.True(code == 0, error);
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
    }

    private static async Task PollAsync(string what, TimeSpan limit, Func<Task<bool>> isThere)
    {
        var clock = Stopwatch.StartNew();
        while (!await isThere())
        {
            Assert.True(clock.Elapsed < limit, $"expected {what} within {limit.TotalSeconds:0} s");
        }
    }
}
