using System.Net;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Forward;

public class ForwardTests
{
    [Fact]
    public async Task All_three_signals_arrive_as_they_were_sent()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        var traces = Spans.Request("shop", Spans.Span()).ToByteArray();
        var metrics = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Spans.Resource(("service.name", "shop")),
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = "m", Gauge = new Gauge { DataPoints = { new NumberDataPoint { AsDouble = 1 } } } } } } },
                },
            },
        }.ToByteArray();
        var logs = new ExportLogsServiceRequest
        {
            ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord { SeverityText = "INFO" } } } } } },
        }.ToByteArray();

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", traces)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/metrics", metrics)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/logs", logs)).Status);

        var got = gateway.Sink.Requests.ToDictionary(request => request.Path, request => request.Body);
        Assert.Equal(traces, got["/v1/traces"]);
        Assert.Equal(metrics, got["/v1/metrics"]);
        Assert.Equal(logs, got["/v1/logs"]);
    }

    [Fact]
    public async Task A_request_that_the_destination_refuses_is_counted_once_when_it_comes_again()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        var answers = new Queue<int>([503, 429, 200]);
        gateway.Sink.Answer = _ => answers.Dequeue();
        var request = Spans.Request("shop", Spans.Span(), Spans.Span()).ToByteArray();

        var first = await gateway.PostAsync("/v1/traces", request);
        var second = await gateway.PostAsync("/v1/traces", request);
        var third = await gateway.PostAsync("/v1/traces", request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.Status);
        Assert.InRange(first.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 11);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.Status);
        Assert.Equal(HttpStatusCode.OK, third.Status);
        await gateway.CountedAsync(2);
    }

    [Fact]
    public async Task What_the_destination_refuses_for_good_does_not_come_again_so_it_counts()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        gateway.Sink.Answer = static _ => 400;

        var (status, body, _) = await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span()).ToByteArray());

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("the destination answered 400", RpcStatus.Parser.ParseFrom(body).Message);
        await gateway.CountedAsync(1);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_wrong_address_or_credential_of_ours_is_not_the_clients_fault(int answer)
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        gateway.Sink.Answer = _ => answer;

        var (status, _, _) = await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span()).ToByteArray());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    [Fact]
    public async Task A_destination_that_is_away_does_not_make_the_gateway_blind()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        gateway.Sink.Answer = static _ => 503;
        var point = new NumberDataPoint { TimeUnixNano = 5, AsDouble = 0.5 };
        var request = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = Spans.Resource(("host.id", "h1")),
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = "system.cpu.utilization", Gauge = new Gauge { DataPoints = { point } } } } } },
                },
            },
        };

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.PostAsync("/v1/metrics", request.ToByteArray())).Status);

        await Gantry.Testing.Eventually.True("the host's value is reported all the same", () => gateway.Sink.Reports.Any(report => report.HostPoints.Count == 1));
    }

    [Fact]
    public async Task Items_that_the_destination_refuses_are_told_to_the_client()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        gateway.Sink.Body = new ExportServiceResponse { PartialSuccess = new PartialSuccess { Rejected = 3, ErrorMessage = "too old" } }.ToByteArray();

        var (status, body, _) = await gateway.PostAsync("/v1/logs", new ExportLogsServiceRequest
        {
            ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord() } } } } },
        }.ToByteArray());

        Assert.Equal(HttpStatusCode.OK, status);
        var partial = ExportServiceResponse.Parser.ParseFrom(body).PartialSuccess;
        Assert.Equal((3, "too old"), (partial.Rejected, partial.ErrorMessage));
    }
}
