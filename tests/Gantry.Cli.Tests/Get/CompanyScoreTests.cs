using System.Net;
using System.Net.Http.Headers;
using Gantry.Hub;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Get;

/// <summary>Own rules of quality, with a real hub.</summary>
public sealed class CompanyScoreTests : IAsyncLifetime
{
    private const string Rules = """
        apiVersion: gantry/v1
        kind: QualityRule
        metadata: {name: everything-is-owned}
        spec:
          title: Everything has an owner
          impact: important
          require: {owner: true}
          fix: |
            Declare a Service.
            Name its owner there.
        ---
        apiVersion: gantry/v1
        kind: QualityRule
        metadata: {name: is-scored}
        spec: {impact: low, require: {score: 1}, fix: See its rules.}

        """;

    private readonly TestFolder _folder = new();
    private HubServer _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await _hub.StartAsync();
        await File.WriteAllTextAsync(_folder["rules.yaml"], Rules);
        Assert.Equal(ExitCodes.Ok, (await RunAsync("apply", "-f", _folder["rules.yaml"])).ExitCode);
        await ReportAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_has_a_heading_and_a_column_of_its_own()
    {
        var list = await ListAsync();
        var shown = await RunAsync("score", "shop");
        var rules = await RunAsync("get", "qualityrules");

        // 10 of 30 + 10; the official score is the official rules' alone.
        Assert.Matches(@"\nshop\s+100\s+Excellent\s+1 of 19\s+100\s+-\s+25 \(2 of 2\)", list.Out);
        Assert.StartsWith("shop: 100 of 100, Excellent", shown.Out);
        Assert.Contains("\nCOMPANY SCORE: 25 of 100, Poor\n2 of 2 own rules judged", shown.Out);
        Assert.Contains("FAILED everything-is-owned: Everything has an owner (Important)\n  needs  a declared owner\n  found  no owner is declared for it\n  fix    Declare a Service.\n         Name its owner there.\n", shown.Out);
        Assert.Matches(@"\nis-scored\s+passed\s+Low\s+it is 100", shown.Out);
        Assert.Contains("important: a declared owner; every service", rules.Out);
    }

    /// <summary>Scores are judged at most once in five seconds.</summary>
    private async Task<Cli> ListAsync()
    {
        for (var i = 0; ; i++)
        {
            var list = await RunAsync("get", "scores");
            if (list.Out.Contains("2 of 2") || i == 200)
            {
                return list;
            }

            await Task.Delay(100);
        }
    }

    private async Task ReportAsync()
    {
        var now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        var batch = new ObservationBatch { GatewayId = "g", Sequence = 1, Full = true, SentUnixNano = now };
        batch.Services.Add(new ServiceIdentity { Id = 1, Name = "shop" });
        batch.Sources.Add(new TelemetrySource { Service = 1, Signals = { new SignalSeen { Signal = Signal.Traces, Items = 1, LastUnixNano = now } } });
        batch.QualityFacts.Add(new QualityFact { Service = 1, Check = QualityChecks.InstanceId, LastUnixNano = now });
        using var client = new HttpClient { BaseAddress = _hub.Address };
        using var content = new ByteArrayContent(batch.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(ObservationBatch.ContentType);
        using var response = await client.PostAsync(new Uri("api/v1/observations", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
    }

    private Task<Cli> RunAsync(params string[] args) => Cli.RunAsync([.. args, "--hub", _hub.Address.ToString()]);
}
