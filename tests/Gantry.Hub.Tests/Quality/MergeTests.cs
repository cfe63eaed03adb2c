using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Tests.Quality;

/// <summary>Facts add up over gateways, and neither a lost nor a repeated report changes a verdict.</summary>
public class MergeTests
{
    [Fact]
    public void Three_gateways_that_share_the_requests_say_what_one_says()
    {
        var random = new Random(11);
        var requests = Enumerable.Range(0, 400).Select(i => Request(random, i)).ToList();
        var (one, three) = (new QualityPipe(1), new QualityPipe(3));
        foreach (var (signal, bytes) in requests)
        {
            one.Post(signal, bytes);
            three.Post(signal, bytes, random.Next(3));
            if (random.Next(20) == 0)
            {
                one.Report();
                three.Report();
            }
        }

        one.Report(full: true);
        three.Report(full: true);

        Assert.Equal(one.All(), three.All());
        Assert.Equal(one.Score("svc-0").Value, three.Score("svc-0").Value);
        // 4,000 different values at each gateway are 12,000 of all.
        Assert.Equal("failed", three.Rule("MET-001", "svc-0").State);
        Assert.Contains(three.All(), item => item.State == "passed");
    }

    [Fact]
    public void Repeated_and_lost_reports_change_nothing()
    {
        var random = new Random(5);
        var pipe = new QualityPipe();
        foreach (var (signal, bytes) in Enumerable.Range(0, 100).Select(i => Request(random, i)))
        {
            pipe.Post(signal, bytes).Report();
        }

        var before = pipe.All().ToList();
        foreach (var report in pipe.Reports.ToList())
        {
            pipe.Take(report);
        }

        Assert.Equal(before, pipe.All());

        // A hub that has nothing but the last, full report knows the same.
        pipe.Report(full: true);
        var late = new QualityPipe();
        late.Take(pipe.Reports[^1]);
        Assert.Equal(before, late.All());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(1_000_000)]
    public void A_gateway_whose_clock_is_wrong_hides_no_values_of_another(int hoursAhead)
    {
        var pipe = new QualityPipe();
        var now = (ulong)pipe.Time.GetUtcNow().ToUnixTimeSeconds() * 1_000_000_000;

        pipe.Take(Sketch("gateway-2", (ulong)((long)now + (hoursAhead * 3_600_000_000_000L)), 0, 8_000));
        Assert.Equal("passed", pipe.Rule("MET-001").State);
        pipe.Take(Sketch("gateway-1", now, 8_000, 16_000));

        Assert.Equal("failed", pipe.Rule("MET-001").State);
    }

    private static byte[] Sketch(string gateway, ulong now, int from, int to)
    {
        var registers = new byte[CardinalitySketch.Registers];
        for (var i = from; i < to; i++)
        {
            CardinalitySketch.Add(registers, CardinalitySketch.Hash(BitConverter.GetBytes(i)));
        }

        return new ObservationBatch
        {
            GatewayId = gateway,
            SentUnixNano = now,
            Services = { new ServiceIdentity { Id = 1, Name = "shop" } },
            MetricFacts = { new MetricFact { Service = 1, Name = "m", Unit = "s", LastUnixNano = now } },
            AttributeSketches = { new AttributeSketch { Service = 1, Metric = "m", Key = "user.id", Hour = now / 3_600_000_000_000, Registers = registers } },
        }.ToArray();
    }

    private static (Signal Signal, byte[] Bytes) Request(Random random, int i)
    {
        var service = i % 3;
        var resource = $"service.name=svc-{service};service.instance.id={service};deployment.environment.name=production" + (random.Next(10) == 0 ? ";http.route=/x" : "");
        return random.Next(3) switch
        {
            0 => (Signal.Logs, Otlp.Logs(resource, service == 1 ? random.Next(2) * 9 : 9)),
            1 => (Signal.Metrics, Otlp.Metrics(resource, Otlp.Gauge($"m{random.Next(5)}", random.Next(8) == 0 ? "ms" : "s", ""), Otlp.Histogram("h", 1, 2 + service))),
            _ => (Signal.Metrics, Otlp.Metrics("service.name=svc-0;service.instance.id=0;deployment.environment.name=production", Otlp.Values("n", "id", i * 120, 120))),
        };
    }
}
