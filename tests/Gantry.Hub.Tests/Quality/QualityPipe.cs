using Gantry.Gateway;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;
using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Hub.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Quality;

/// <summary>OTLP bytes in at gateways, their reports as bytes, a hub's store, and its verdicts; without sockets, by a clock that the test moves.</summary>
internal sealed class QualityPipe
{
    private readonly List<PipedGateway> _gateways;
    private readonly Scores _scores;

    public QualityPipe(int gateways = 1)
    {
        Store = new ObservationStore(Time);
        _scores = new Scores(Store, Time);
        _gateways = [.. Enumerable.Range(0, gateways).Select(_ => new PipedGateway(Time))];
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public ObservationStore Store { get; }

    /// <summary>Reports that were sent; a test may send one again.</summary>
    public List<byte[]> Reports { get; } = [];

    public QualityPipe Post(Signal signal, byte[] request, int gateway = 0)
    {
        _gateways[gateway].Post(signal, request);
        return this;
    }

    public QualityPipe Report(bool full = false)
    {
        foreach (var gateway in _gateways)
        {
            foreach (var report in gateway.Report(full))
            {
                Reports.Add(report);
                Take(report);
            }
        }

        return this;
    }

    public void Take(byte[] report) => Store.Take(WireMessage.TryRead<ObservationBatch>(report, out _)!);

    public QualityPipe Wait(TimeSpan time)
    {
        Time.Advance(time);
        return this;
    }

    /// <summary>A trace as the hub would have chosen it.</summary>
    public QualityPipe Trace(params ChosenSpan[] spans)
    {
        new TraceRules(Store).Judge(new ChosenTrace(1, 2, spans, Time.GetUtcNow()), Time.GetUtcNow());
        return this;
    }

    public static ChosenSpan Span(ulong id, ulong parent, ServiceState service, int kind, double milliseconds = 20) =>
        new(id, parent, service, kind, "GET /", null, IsLink: false, HasLink: false, Failed: false, (ulong)(milliseconds * 1e6));

    public RuleRow Rule(string id, string service = "shop")
    {
        Wait(TimeSpan.FromSeconds(6));
        return _scores.Current.Values.Single(judged => judged.Row.Service == service).RuleRows().Single(rule => rule.Id == id);
    }

    public ScoreRow Score(string service = "shop")
    {
        Wait(TimeSpan.FromSeconds(6));
        return _scores.Find(service)!.Score;
    }

    public IEnumerable<(string Service, string Rule, string State)> All()
    {
        Wait(TimeSpan.FromSeconds(6));
        return _scores.Current.Values.SelectMany(judged => judged.RuleRows().Select(rule => (judged.Row.Service, rule.Id, rule.State))).Order();
    }

    private sealed class PipedGateway
    {
        private readonly Observer _observer;
        private readonly ObservedTotals _totals;
        private readonly GatewayIdentity _identity;
        private ulong _sequence;

        public PipedGateway(TimeProvider time)
        {
            var options = new GatewayOptions { Hub = new Uri("http://127.0.0.1") };
            _observer = new Observer(time, shards: 2);
            _identity = new GatewayIdentity(time);
            _totals = new ObservedTotals(_observer, _identity, new Forwarder(options, time, NullLogger<Forwarder>.Instance), options);
        }

        public void Post(Signal signal, byte[] request)
        {
            if (signal == Signal.Traces)
            {
                _observer.Commit(_observer.ScanTraces(request)!);
                _observer.LookAtSpans(request);
                return;
            }

            Assert.True(Observer.Validate(signal, request) >= 0);
            _observer.Commit(signal, request);
        }

        public IEnumerable<byte[]> Report(bool full)
        {
            var report = new ObservationBatch { GatewayId = _identity.Id, SentUnixNano = _observer.Now };
            report.Sources.AddRange(_observer.Shards.SelectMany(shard => shard.Resources.Entries).Where(entry => entry.HasSent).Select(entry => entry.Snapshot()));
            _totals.Acknowledge(_totals.CopyTo(report, full));
            foreach (var part in ReportParts.Of(report, _observer.Services))
            {
                part.Sequence = ++_sequence;
                part.Full = _sequence == 1 || full;
                yield return part.ToArray();
            }
        }
    }
}
