using Gantry.Protocol.Observations;

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
