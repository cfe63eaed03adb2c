using Gantry.Estate.Instrumentation;
using Gantry.Estate.Ladder;
using Gantry.Estate.Red;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Observations;

/// <summary>How reports about services become evidence.</summary>
internal sealed partial class ObservationStore
{
    private const int StatusError = 2;

    // An hour of operations is a page; a service that invents names gets no more of them remembered.
    private const int MaxOperations = 2000;

    private void TakeSource(TelemetrySource source, Dictionary<uint, ServiceState> services, BatchTimes times)
    {
        if (!services.TryGetValue(source.Service, out var service))
        {
            return;
        }

        var attributes = source.Attributes.DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value);
        var id = SourceState.IdOf(attributes);
        if (!service.Sources.TryGetValue(id, out var state))
        {
            state = new SourceState(attributes);
            // One more than can be kept still counts as evidence of its service; it is only not recognised as a process.
            if (service.Sources.Count < MaxSources)
            {
                service.Sources.Add(id, state);
            }
        }

        var last = source.Signals.Select(signal => signal.LastUnixNano).DefaultIfEmpty(0UL).Max();
        state.LastSeen = Max(state.LastSeen, times.Of(last));
        service.LastSeen = Max(service.LastSeen, state.LastSeen);
        service.Dirty = true;
        if (source.SampledUnixNano > 0)
        {
            service.SampledAt = Max(service.SampledAt ?? default, times.Of(source.SampledUnixNano));
        }

        // A log's scope is a logger category, which every program has: it says nothing about instrumentation.
        foreach (var scope in source.Scopes.Where(scope => scope.Signal is Signal.Traces or Signal.Metrics && !KnownScopes.IsAutomatic(scope.Name)))
        {
            service.Saw(ServiceEvidence.Custom, times.Of(scope.LastUnixNano), $"{scope.Signal.ToString().ToLowerInvariant()} of scope \"{scope.Name}\"");
        }

        foreach (var profiles in source.Signals.Where(signal => signal.Signal == Signal.Profiles))
        {
            service.Saw(ServiceEvidence.Custom, times.Of(profiles.LastUnixNano), "profiles");
        }
    }

    /// <summary>Whether a series can be counted; what is not sound is skipped before it has changed anything.</summary>
    private static bool IsSound(RedSeries series) => series is { Source: RedSource.Spans or RedSource.Metrics, Buckets.Length: DurationBuckets.Count };

    private void TakeRed(GatewayState gateway, ServiceState service, RedSeries series, BatchTimes times)
    {
        var key = new SeriesKey(service.Key, series.Operation, series.Kind, series.Status, series.Source);
        if (!gateway.Totals.TryGetValue(key, out var total))
        {
            gateway.Totals.Add(key, total = new SeriesTotal { Buckets = new ulong[DurationBuckets.Count], Arrivals = (0, 0) });
        }

        if (!total.Continues(series.StartUnixNano) || series.Calls <= total.Calls || series.Buckets.Length != total.Buckets.Length)
        {
            return;
        }

        var calls = series.Calls - total.Calls;
        var buckets = series.Buckets.Zip(total.Buckets, static (a, b) => a < b ? 0 : a - b).ToArray();
        // What was counted before this hub started is in no minute that it knows.
        var isKnown = total.Arrivals is not null;
        var (begun, linked) = total.Arrivals is { } told ? (Increase(series.Begun, told.Begun), Increase(series.Linked, told.Linked)) : (0, 0);
        total.Arrivals = (series.Begun, series.Linked);
        total.Calls = series.Calls;
        total.Buckets = series.Buckets;
        total.StartUnixNano = Math.Max(total.StartUnixNano, series.StartUnixNano);
        total.Dirty = true;
        if (Count(gateway, service, series, calls, buckets, times) is { } slot)
        {
            slot.Arrived += isKnown ? calls : 0;
            slot.Begun += Math.Min(begun, calls);
            slot.Linked += Math.Min(linked, calls);
        }
    }

    private static ulong Increase(ulong now, ulong before) => now < before ? 0 : now - before;

    /// <returns>The minute of its operation; null when the service has too many of them.</returns>
    private static RedSlot? Count(GatewayState gateway, ServiceState service, RedSeries series, ulong calls, ulong[] buckets, BatchTimes times)
    {
        // Counts belong to when they were seen; a report that waited for the hub tells only its last moment.
        var at = series.LastUnixNano == 0 ? times.Now : times.Of(series.LastUnixNano);
        var errors = series.Status == StatusError ? calls : 0;
        service.LastSeen = Max(service.LastSeen, at);
        service.Dirty = true;
        if (SpanKinds.IsInbound(series.Kind))
        {
            service.Inbound[series.Source].At(at, times.Now).Add(calls, errors, buckets);
            SawRed(service, series, at);
            gateway.AddInbound(service.Key, series.Source, calls);
        }

        var name = (series.Operation, series.Kind, series.Source);
        if (!service.Operations.TryGetValue(name, out var operation))
        {
            if (service.Operations.Count >= MaxOperations)
            {
                return null;
            }

            service.Operations.Add(name, operation = new OperationState { FirstSeen = at });
        }

        var slot = operation.Window.At(at, times.Now);
        slot.Add(calls, errors, buckets);
        operation.LastSeen = Max(operation.LastSeen, at);
        return slot;
    }

    /// <summary>Sampled spans say nothing true about rate or errors, so they are no evidence.</summary>
    private static void SawRed(ServiceState service, RedSeries series, DateTimeOffset at)
    {
        if (series.Source == RedSource.Spans && service.SampledAt is { } sampled && at - sampled < Ladder.FreshFor)
        {
            return;
        }

        var source = series.Source == RedSource.Metrics ? "request metrics" : $"unsampled {SpanKinds.NameOf(series.Kind)} spans";
        service.Saw(ServiceEvidence.Rate, at, source);
        service.Saw(ServiceEvidence.Errors, at, source);
        service.Saw(ServiceEvidence.Duration, at, source);
    }

    private void Joined(ServiceState caller, ServiceState callee, DateTimeOffset now)
    {
        caller.Saw(ServiceEvidence.Joined, now, $"calls {callee.Key.Name}");
        callee.Saw(ServiceEvidence.Joined, now, $"called by {caller.Key.Name}");
        _edges[(caller.Id, callee.Id)] = now;
        _dirtyEdges.Add((caller.Id, callee.Id));
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
