using System.Text;
using System.Text.Json;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Tests.Report;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Use;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Boot;

public sealed class GantryAgentTests
{
    [Fact]
    public async Task A_started_agent_reports_host_and_processes_at_once_and_stops_cleanly()
    {
        using var state = new FakeHost();
        await using var server = await ScriptedServer.StartAsync();
        using var stop = new CancellationTokenSource();
        var log = new RecordedLog();
        var options = new AgentOptions { Hub = server.Address, Gateway = server.Address, StateFolder = state.PathOf("state") };
        using var agent = new GantryAgent(options, log, TimeProvider.System);

        var running = agent.RunAsync(stop.Token);
        var hub = await server.ConnectionAsync();
        var first = await hub.MessageAsync();
        await hub.SendAsync(new ServerToAgent());
        var inventory = await hub.MessageAsync();
        var sample = OtlpReader.Read(await server.PostAsync());
        var second = OtlpReader.Read(await server.PostAsync());
        await stop.CancelAsync();
        // The host of the test is alive: inventories of what changed may come before the goodbye.
        AgentToServer? last = null;
        while (await hub.ReceiveAsync() is { } message)
        {
            last = message;
        }

        await Eventually.Within(running, "the agent stops");

        Assert.Equal("gantry-agent", first.Description!.Find("service.name"));
        var processes = WireMessage.TryRead<ProcessInventory>(inventory.CustomMessage!.Data, out _)!.Processes;
        Assert.Contains(processes, process => process.Pid == Environment.ProcessId && process.Language == "dotnet");
        Assert.Contains(("telemetry.distro.name", "gantry-agent"), sample.Resource);
        Assert.DoesNotContain(sample.Metrics, metric => metric.Name == SystemMetrics.CpuUtilization);
        Assert.Contains(second.Metrics, metric => metric.Name == SystemMetrics.CpuUtilization);
        Assert.NotNull(last?.Disconnect);
        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Without_hub_and_gateway_it_runs_and_stops()
    {
        using var stop = new CancellationTokenSource();
        using var agent = new GantryAgent(new AgentOptions { Hub = "", Gateway = "" }, new RecordedLog(), TimeProvider.System);

        var running = agent.RunAsync(stop.Token);
        await stop.CancelAsync();

        await Eventually.Within(running, "the agent stops");
    }

    [Fact]
    public void Samples_are_due_at_once_after_two_seconds_and_then_each_interval()
    {
        var time = new FakeTimeProvider();
        var schedule = new Schedule(TimeSpan.FromSeconds(10), time);
        var due = new List<int>();
        for (var second = 0; second <= 45; second++)
        {
            if (schedule.IsDue())
            {
                due.Add(second);
            }

            // The host sleeps from 22 to 41: what was missed is not made up for.
            time.Advance(TimeSpan.FromSeconds(second == 22 ? 19 : 1));
            second += second == 22 ? 18 : 0;
        }

        Assert.Equal([0, 2, 10, 20, 41], due);
    }

    [Fact]
    public async Task Once_is_readable_by_people_and_by_programs()
    {
        var log = new RecordedLog();
        var (metrics, host, inventory) = await Once.TakeAsync(new AgentOptions(), TimeProvider.System, log, CancellationToken.None);

        using var text = new StringWriter();
        Once.WriteText(text, metrics, host, inventory);
        using var bytes = new MemoryStream();
        OnceJson.Write(bytes, metrics, host, inventory);

        Assert.Contains("system.cpu.utilization", text.ToString());
        Assert.Contains($"{Environment.ProcessId}  ", text.ToString());
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        Assert.Equal(metrics.Points.Length, json.RootElement.GetProperty("metrics").GetArrayLength());
        Assert.Equal(inventory.Processes.Count, json.RootElement.GetProperty("processes").GetArrayLength());
        Assert.Equal(host.Id, json.RootElement.GetProperty("host").GetProperty("id").GetString());
    }

    [Fact]
    public void A_log_line_is_one_line()
    {
        using var output = new StringWriter();
        using var logger = new ConsoleLogger(output, LogLevel.Information, new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));

        logger.LogWarning(new InvalidOperationException("two\nlines"), "text\nmore");
        logger.LogDebug("not shown");

        Assert.Equal("2026-01-02T03:04:05Z warn  text more (InvalidOperationException: two lines)\n", output.ToString());
    }
}
