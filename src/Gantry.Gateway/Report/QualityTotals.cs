using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>
/// What the hub is told for the Instrumentation Score. It moves all the time and means the same for weeks, so it is told when it is new and then now and
/// then: a rule looks at days. Not thread-safe: <see cref="ObservedTotals"/> holds the lock.
/// </summary>
internal sealed class QualityTotals
{
    private const ulong Second = 1_000_000_000;

    private const ulong FactsEvery = 30 * Second;

    private const ulong MetricsEvery = 600 * Second;

    /// <summary>A sketch that is told again has grown by this share.</summary>
    private const double Grown = 1.02;

    private const int MaxMetrics = 200_000;
    private const int MaxSketches = 10_000;

    private readonly ReportTable<(uint Service, string Check), QualityFact> _facts = new();
    private readonly ReportTable<(uint Service, string Name, string Unit, ulong Bounds), MetricFact> _metrics = new();
    private readonly ReportTable<(uint Service, string Metric, string Key), Told> _sketches = new();
    private readonly Dictionary<QualityFact, ulong> _toldUnixNano = [];

    public void Add(QualityFact fact, ulong round)
    {
        var known = _facts.Find((fact.Service, fact.Check)) ?? _facts.Add((fact.Service, fact.Check), new QualityFact { Service = fact.Service, Check = fact.Check });
        var message = known.Message;
        var turnsBad = fact.BadUnixNano != 0 && message.BadUnixNano == 0;
        message.Seen += fact.Seen;
        message.Bad += fact.Bad;
        message.LastUnixNano = Math.Max(message.LastUnixNano, fact.LastUnixNano);
        if (fact.BadUnixNano > message.BadUnixNano)
        {
            message.BadUnixNano = fact.BadUnixNano;
            message.Example = fact.Example;
        }

        if (turnsBad || fact.LastUnixNano >= _toldUnixNano.GetValueOrDefault(message) + FactsEvery)
        {
            _toldUnixNano[message] = fact.LastUnixNano;
            known.Round = round;
        }
    }

    public void Add(MetricFact fact, ulong round)
    {
        var key = (fact.Service, fact.Name, fact.Unit, fact.BoundsHash);
        if (_metrics.Find(key) is not { } known)
        {
            if (_metrics.Count < MaxMetrics)
            {
                _metrics.Add(key, fact).Round = round;
            }
        }
        else if (fact.LastUnixNano >= known.Message.LastUnixNano + MetricsEvery)
        {
            known.Message.LastUnixNano = fact.LastUnixNano;
            known.Round = round;
        }
    }

    public void Add(AttributeSketch sketch, ulong round)
    {
        var key = (sketch.Service, sketch.Metric, sketch.Key);
        if (_sketches.Find(key) is not { } known)
        {
            if (_sketches.Count >= MaxSketches)
            {
                return;
            }

            known = _sketches.Add(key, new Told(sketch));
        }

        known.Message.Merge(sketch);
        var estimate = CardinalitySketch.Estimate(known.Message.Registers);
        if (estimate >= known.Message.Estimate * Grown)
        {
            known.Message.Estimate = estimate;
            known.Round = round;
        }
    }

    public void CopyTo(ObservationBatch report, ulong since)
    {
        report.QualityFacts.AddRange(_facts.ChangedSince(since).Select(static fact => new QualityFact
        {
            Service = fact.Service,
            Check = fact.Check,
            Seen = fact.Seen,
            Bad = fact.Bad,
            LastUnixNano = fact.LastUnixNano,
            BadUnixNano = fact.BadUnixNano,
            Example = fact.Example,
        }));
        report.MetricFacts.AddRange(_metrics.ChangedSince(since).Select(static fact => new MetricFact
        {
            Service = fact.Service,
            Name = fact.Name,
            Unit = fact.Unit,
            BoundsHash = fact.BoundsHash,
            Bounds = fact.Bounds,
            LastUnixNano = fact.LastUnixNano,
        }));
        report.AttributeSketches.AddRange(_sketches.ChangedSince(since).Select(static told => told.Copy()));
    }

    /// <summary>Metrics that are idle for as long as two tellings are apart may have come meanwhile; they stay longer.</summary>
    public void Expire(ulong beforeUnixNano, ulong acknowledged)
    {
        var before = beforeUnixNano - Math.Min(beforeUnixNano, 2 * MetricsEvery);
        _metrics.Expire(fact => fact.LastUnixNano < before, acknowledged, MaxMetrics);
        _sketches.Expire(told => told.Hour * 3600 * Second < before, acknowledged, MaxSketches);
    }

    /// <summary>The sketch of the newest hour.</summary>
    private sealed class Told(AttributeSketch first)
    {
        public ulong Hour { get; private set; } = first.Hour;

        public byte[] Registers { get; } = new byte[CardinalitySketch.Registers];

        /// <summary>As last told.</summary>
        public double Estimate { get; set; }

        public void Merge(AttributeSketch sketch)
        {
            if (sketch.Hour > Hour)
            {
                Hour = sketch.Hour;
                Estimate = 0;
                Array.Clear(Registers);
            }

            if (sketch.Hour == Hour)
            {
                CardinalitySketch.Merge(Registers, sketch.Registers);
            }
        }

        public AttributeSketch Copy() => new() { Service = first.Service, Metric = first.Metric, Key = first.Key, Hour = Hour, Registers = [.. Registers] };
    }
}
