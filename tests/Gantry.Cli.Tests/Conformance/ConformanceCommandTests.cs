using System.Net;
using System.Text.Json;
using Gantry.Hub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Conformance;

public class ConformanceCommandTests
{
    [Fact]
    public async Task A_hub_passes_and_every_row_has_its_verdict()
    {
        var folder = Directory.CreateTempSubdirectory("gantry-conformance-");
        try
        {
            await using var hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = folder.FullName }, static logging => logging.ClearProviders());
            await hub.StartAsync();

            var result = await Cli.RunAsync("conformance", "opamp", $"{hub.Address}v1/opamp", "--only", "R", "T5", "--json");
            var table = await Cli.RunAsync("conformance", "opamp", $"{hub.Address}v1/opamp", "--only", "R6");

            Assert.Equal(ExitCodes.Ok, result.ExitCode);
            var rows = JsonDocument.Parse(result.Out).RootElement.GetProperty("results").EnumerateArray().ToList();
            Assert.Equal(19 * 2, rows.Count);
            Assert.DoesNotContain(rows, row => row.GetProperty("verdict").GetString() == "fail");
            Assert.Contains(rows, row => row.GetProperty("id").GetString() == "R6" && row.GetProperty("verdict").GetString() == "pass" && row.GetProperty("section").GetString() == "AgentToServer.sequence_num");
            Assert.Contains("R6    websocket  pass     MUST   AgentToServer.sequence_num", table.Out, StringComparison.Ordinal);
            Assert.Contains("2 passed, 0 failed, 0 not applicable", table.Error, StringComparison.Ordinal);
            await hub.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A suite that passes everything proves nothing.</summary>
    [Fact]
    public async Task A_server_that_answers_anything_with_nothing_fails()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var liar = builder.Build();
        liar.Urls.Add("http://127.0.0.1:0");
        liar.MapPost("/v1/opamp", static context =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        await liar.StartAsync();
        var address = liar.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        var result = await Cli.RunAsync("conformance", "opamp", $"{address}/v1/opamp", "--only", "R2", "R3", "R6", "D1", "D2", "T16", "--json");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        var verdicts = JsonDocument.Parse(result.Out).RootElement.GetProperty("results").EnumerateArray()
            .Where(row => row.GetProperty("transport").GetString() == "http")
            .ToDictionary(row => row.GetProperty("id").GetString()!, row => row.GetProperty("verdict").GetString());
        Assert.Equal("pass", verdicts["T16"]);
        Assert.All(new[] { "R2", "R3", "R6", "D1", "D2" }, id => Assert.Equal("fail", verdicts[id]));
    }

    [Fact]
    public async Task What_cannot_be_run_is_one_line()
    {
        (await Cli.RunAsync("conformance", "opamp", "here")).FailedWith(ExitCodes.Error, "URL 'here'", "http://127.0.0.1:4320/v1/opamp");
        (await Cli.RunAsync("conformance", "opamp", "http://127.0.0.1:1/v1/opamp")).FailedWith(ExitCodes.HubUnreachable, "127.0.0.1:1");
        (await Cli.RunAsync("conformance", "opamp", "http://127.0.0.1:1/v1/opamp", "--only", "Q9")).FailedWith(ExitCodes.Error, "--only 'Q9'");
    }
}
