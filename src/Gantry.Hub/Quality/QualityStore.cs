using Gantry.Estate.Quality;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Quality;

/// <summary>
/// What rules of the Instrumentation Score go by, for every service. A part of <see cref="ObservationStore"/>, under its lock: it is told by the same
/// reports, loaded and written behind with the rest.
/// </summary>
internal sealed class QualityStore
{
    /// <summary>The specification's default.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    public const int MaxServices = 20_000;
    public const int MaxMetrics = 200_000;

    /// <summary>2 KiB each.</summary>
    private const int MaxSketches = 10_000;

    private const int MaxText = 256;

    private static readonly TimeSpan MetricsEvery = TimeSpan.FromMinutes(10);

    private readonly Dictionary<ServiceKey, ServiceQuality> _services = [];
    private readonly Dictionary<(ServiceKey Service, string Metric, string Key), HourSketch> _sketches = [];
    private int _metrics;

    public IReadOnlyCollection<ServiceQuality> Services_NeedsLock => _services.Values;

    /// <summary>Different values of an attribute of a metric within an hour that the specification still allows.</summary>
    public const int TooMany = 10_000;

    public void Take(ObservationBatch batch, IReadOnlyDictionary<uint, ServiceState> services, BatchTimes times)
    {
        ServiceQuality? Of(uint id) => services.TryGetValue(id, out var state) ? this.Of(state.Key) : null;

        foreach (var fact in batch.QualityFacts.Where(fact => Checks.IsTold(fact.Check) && fact.LastUnixNano > 0))
        {
            if (Of(fact.Service) is { } service)
            {
                var at = times.Of(fact.LastUnixNano);
                service.See(fact.Check, at, bad: false);
                if (fact.BadUnixNano > 0)
                {
                    service.See(fact.Check, times.Of(fact.BadUnixNano), bad: true, Cut(ExampleOf(fact)));
                }
            }
        }

        foreach (var source in batch.Sources)
        {
            if (Of(source.Service) is { } service)
            {
                TakeSource(service, source, times);
            }
        }

        foreach (var metric in batch.MetricFacts.Where(metric => metric.Name.Length is > 0 and <= MaxText && metric.LastUnixNano > 0))
        {
            if (Of(metric.Service) is { } service)
            {
                TakeMetric(service, metric, times.Of(metric.LastUnixNano));
            }
        }

        foreach (var sketch in batch.AttributeSketches.Where(sketch => sketch.Registers.Length == CardinalitySketch.Registers))
        {
            if (Of(sketch.Service) is { } service)
            {
                TakeSketch(service, sketch, times);
            }
        }
    }

    /// <summary>Null when the hub holds as many as it can.</summary>
    public ServiceQuality? Of(ServiceKey key)
    {
        if (!_services.TryGetValue(key, out var service) && _services.Count < MaxServices)
        {
            _services.Add(key, service = new ServiceQuality(key));
        }

        return service;
    }

    public void Clear_NeedsLock()
    {
        _services.Clear();
        _sketches.Clear();
        _metrics = 0;
    }

    public void Restore(ServiceQuality service)
    {
        _services[service.Key] = service;
        _metrics += service.Metrics.Count;
    }

    /// <summary>Drops what no window reaches any more.</summary>
    /// <returns>Services, and metrics of others, that have rows to delete.</returns>
    public (IReadOnlyList<string> Services, IReadOnlyList<(string Service, MetricVariant Metric)> Metrics) Forget_NeedsLock(DateTimeOffset now)
    {
        var oldest = now - Window;
        List<string> services = [];
        List<(string, MetricVariant)> metrics = [];
        foreach (var service in _services.Values)
        {
            if (service.LastSeen < oldest)
            {
                services.Add(service.Id);
                _services.Remove(service.Key);
                continue;
            }

            foreach (var (metric, _) in service.Metrics.Where(item => item.Value.Last < oldest))
            {
                service.Metrics.Remove(metric);
                metrics.Add((service.Id, metric));
            }
        }

        var hour = (ulong)now.ToUnixTimeSeconds() / 3600;
        foreach (var (key, _) in _sketches.Where(item => item.Value.Hour + 1 < hour))
        {
            _sketches.Remove(key);
        }

        _metrics = _services.Values.Sum(service => service.Metrics.Count);
        return (services, metrics);
    }

    private static void TakeSource(ServiceQuality service, TelemetrySource source, BatchTimes times)
    {
        var last = source.Signals.Select(signal => signal.LastUnixNano).DefaultIfEmpty(0UL).Max();
        if (last == 0)
        {
            return;
        }

        var at = times.Of(last);
        var attributes = source.Attributes.DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value);
        if (attributes.ContainsKey("service.instance.id"))
        {
            var shared = service.Instances.Saw(attributes, at);
            service.See(Checks.UniqueInstance, at, shared.Length > 0, Cut(shared));
        }

        if (source.Signals.Find(signal => signal.Signal == Signal.Traces) is { } traces)
        {
            service.See(Checks.Traces, times.Of(traces.LastUnixNano), bad: false);
        }

        string Find(string key) => attributes.GetValueOrDefault(key, "");
        var (language, sdk, runtime) = (Find("telemetry.sdk.language"), Find("telemetry.sdk.version"), Find("process.runtime.version"));
        if (SupportedRuntimes.Supports(language, sdk, Find("process.runtime.name"), runtime) is { } supported)
        {
            service.See(Checks.Runtime, at, !supported, Cut($"{language} {runtime} under SDK {sdk}"));
        }
    }

    private void TakeMetric(ServiceQuality service, MetricFact fact, DateTimeOffset at)
    {
        var variant = new MetricVariant(fact.Name, Cut(fact.Unit), fact.BoundsHash);
        if (!service.Metrics.TryGetValue(variant, out var seen))
        {
            if (service.Metrics.Count >= ServiceQuality.MaxMetrics || _metrics >= MaxMetrics)
            {
                return;
            }

            _metrics++;
            service.Metrics.Add(variant, seen = new MetricSeen(Cut(fact.Bounds)));
        }

        seen.IsDirty |= at - seen.Last >= MetricsEvery;
        seen.Last = at > seen.Last ? at : seen.Last;
        service.See(Checks.Cardinality, at, bad: false);
    }

    private void TakeSketch(ServiceQuality service, AttributeSketch told, BatchTimes times)
    {
        var key = (service.Key, Cut(told.Metric), Cut(told.Key));
        if (!_sketches.TryGetValue(key, out var sketch))
        {
            if (_sketches.Count >= MaxSketches)
            {
                return;
            }

            _sketches.Add(key, sketch = new HourSketch());
        }

        if (sketch.Merge(HourOf(told.Hour, times), told.Registers) && CardinalitySketch.Estimate(sketch.Registers) is var values and >= TooMany)
        {
            service.See(Checks.Cardinality, times.Now, bad: true, $"{key.Item3} of {key.Item2} has about {values:N0} values within an hour");
        }
    }

    /// <summary>By the hub's clock the hour that is nearest to the one that the gateway means: its clock may be wrong, and its hour must not hide what another tells.</summary>
    private static ulong HourOf(ulong told, BatchTimes times)
    {
        const ulong Nano = 3_600_000_000_000;
        var start = times.Of(Math.Min(told, ulong.MaxValue / Nano) * Nano);
        return (ulong)Math.Max(0, (start.ToUnixTimeSeconds() + 1800) / 3600);
    }

    private static string ExampleOf(QualityFact fact) => fact.Seen == 0 || fact.Bad == 0 ? fact.Example
        : $"{fact.Bad:N0} of {fact.Seen:N0} log records since that gateway started";

    private static string Cut(string text) => text.Length > MaxText ? text[..MaxText] : text;

    /// <summary>What all gateways together saw within the newest hour.</summary>
    private sealed class HourSketch
    {
        public ulong Hour { get; private set; }

        public byte[] Registers { get; } = new byte[CardinalitySketch.Registers];

        public bool Merge(ulong hour, byte[] registers)
        {
            if (hour > Hour)
            {
                Hour = hour;
                Array.Clear(Registers);
            }

            return hour == Hour && CardinalitySketch.Merge(Registers, registers);
        }
    }
}
