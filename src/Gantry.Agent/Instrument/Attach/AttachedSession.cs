using Gantry.Agent.Instrument.Attach.Forward;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Instrument.Attach.Nettrace;
using Gantry.Agent.Instrument.Attach.Spans;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach;

/// <summary>
/// The two event sessions with one process, from their opening to their end: one for metrics, one for spans. A burst of spans that the runtime has no room for so
/// costs spans and nothing else. What both streams bring is worked on under one lock.
/// </summary>
internal sealed class AttachedSession : IAsyncDisposable
{
    /// <summary>An interval is a second; this much later the process does not speak to us any more.</summary>
    private static readonly TimeSpan LastInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly AttachContext _context;
    private readonly Tally _tally;
    private readonly IReadOnlyList<KeyValue> _resource;
    private readonly MeterTable _meters;
    private readonly RouteTable _routes = new();
    private readonly SpanBatch _batch;
    private readonly StreamPump _metricsPump;
    private readonly StreamPump? _spansPump;
    private readonly MeterEvents _meterEvents;
    private readonly SpanEvents _spanEvents;
    private readonly ProtoWriter _writer = new(32 * 1024);
    private long _settled;
    private long _exported;
    private long _clockOffset;
    private bool _isOver;
    private ulong _wantedEnd;
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private volatile TaskCompletionSource? _lastInterval;

    private AttachedSession(Target target, RuntimeFacts runtime, AttachContext context, Tally tally, MeterArguments arguments, TracingSession metrics, TracingSession? spans)
    {
        _context = context;
        _tally = tally;
        _resource = AttachedResource.Of(target, runtime, context.Host, GantryAgent.Version);
        Service = _resource[0].Value.ToString();
        _meters = new MeterTable(target.Process.StartUnixNano);
        _batch = new SpanBatch(_resource);
        _meterEvents = new MeterEvents(arguments, _meters, _routes.Add);
        _spanEvents = new SpanEvents(_batch, _routes, UnixNano);
        _metricsPump = new StreamPump(metrics, _meterEvents, _gate, AfterMetrics, context.Time);
        _spansPump = spans is null ? null : new StreamPump(spans, _spanEvents, _gate, AfterSpans, context.Time);
        _exported = context.Time.GetTimestamp();
        Calibrate();
    }

    public string Service { get; }

    public ulong Dropped => _metricsPump.Dropped + (_spansPump?.Dropped ?? 0);

    /// <param name="arguments">What the meters are asked for.</param>
    public static async Task<AttachedSession> OpenAsync(
        string path, Target target, RuntimeFacts runtime, AttachContext context, Tally tally, MeterArguments arguments, CancellationToken cancellation)
    {
        var pid = (int)target.Process.Pid;
        var metrics = await TracingSession.OpenAsync(path, pid, new TracingRequest(context.Settings.MetricsBuffer, [arguments.ToProvider()]), context.Time, cancellation);
        try
        {
            var spans = context.Settings.Traces
                ? await TracingSession.OpenAsync(path, pid, new TracingRequest(context.Settings.TracesBuffer, [SpanArguments.ToProvider()]), context.Time, cancellation)
                : null;
            return new AttachedSession(target, runtime, context, tally, arguments, metrics, spans);
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    /// <summary>Reads until the process ends, the stream breaks, or it is asked to stop; then ends the sessions in order.</summary>
    /// <exception cref="AttachException">It ended for another reason than that.</exception>
    /// <exception cref="SharedArgumentsException">It is to be opened again, with other arguments.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var metrics = _metricsPump.RunAsync(stop);
        var spans = _spansPump?.RunAsync(stop) ?? Task.Delay(Timeout.InfiniteTimeSpan, _context.Time, stop);
        _reading = _spansPump is null ? metrics : Task.WhenAll(metrics, spans);
        var first = await Task.WhenAny(metrics, spans, _broken.Task, Stopped(stop));
        if (!stop.IsCancellationRequested)
        {
            if (first != _broken.Task)
            {
                Flush(isLast: true);
            }

            await first;
            throw new AttachException(InstrumentationReasons.Failed, "its event stream ended, as that of a process does that ends");
        }

        await StopAsync(metrics, spans);
    }

    /// <summary>Ends it: what came cannot be sent.</summary>
    public void Break(Exception error) =>
        _broken.TrySetException(new AttachException(InstrumentationReasons.Failed, $"what it told could not be sent: {error.GetType().Name}"));

    /// <summary>Sends what has come.</summary>
    public void Flush(bool isLast)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            Calibrate();
            if (isLast)
            {
                _spanEvents.Settle(isLast: true);
            }

            SendSpans_NeedsLock();
            if (isLast || _context.Time.GetElapsedTime(_exported) >= _context.Settings.ExportEvery)
            {
                SendMetrics_NeedsLock();
            }
        }
    }

    /// <summary>What a person has to know beside the state; "" when there is nothing.</summary>
    public string Remark(Tally tally)
    {
        var remarks = new List<string>();
        if (_metricsPump.Dropped > 0)
        {
            remarks.Add($"{_metricsPump.Dropped} events of its meters were dropped by its runtime: rates may be too low");
        }

        if (_meterEvents.IsLimited)
        {
            remarks.Add("it has more series than its runtime was asked to hold, or longer names than are taken: some requests are not counted");
        }

        if (_spansPump?.Dropped > 0)
        {
            remarks.Add($"{_spansPump.Dropped} events were dropped by its runtime: spans are missing, rates are not affected");
        }

        if (tally.LostSpans > 0)
        {
            remarks.Add($"{tally.LostSpans} spans were lost, as the gateway did not take them");
        }

        return string.Join("; ", remarks);
    }

    public async ValueTask DisposeAsync()
    {
        _metricsPump.Dispose();
        _spansPump?.Dispose();
        // A piece may be under work: it must not find what it writes into gone.
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = _broken.Task.Exception;
        lock (_gate)
        {
            _isOver = true;
            _batch.Dispose();
            _writer.Dispose();
        }
    }

    /// <summary>1. Wait for the interval to end, so that its requests are counted. 2. Stop both sessions and read what they still have. 3. Send it.</summary>
    private async Task StopAsync(Task metrics, Task spans)
    {
        using var limit = new CancellationTokenSource(StopLimit, _context.Time);
        await WaitForIntervalAsync();
        try
        {
            if (_spansPump is not null)
            {
                await _spansPump.Session.StopAsync(limit.Token);
                await spans.WaitAsync(limit.Token);
            }

            await _metricsPump.Session.StopAsync(limit.Token);
            await metrics.WaitAsync(limit.Token);
        }
        catch (Exception error) when (error is AttachException or OperationCanceledException or SharedArgumentsException)
        {
            // It ended meanwhile, or does not answer: a runtime ends a session by itself whose connection is closed.
        }

        Flush(isLast: true);
    }

    private async Task WaitForIntervalAsync()
    {
        // What has just come may end before now: the runtime delivers a tenth of a second late.
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _wantedEnd, _context.Time.GetUtcNow().ToUnixNano());
        _lastInterval = last;
        try
        {
            await last.Task.WaitAsync(LastInterval, _context.Time);
        }
        catch (TimeoutException)
        {
            // A tool with a longer interval was there first.
        }
    }

    private static Task Stopped(CancellationToken stop)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), source);
        return source.Task;
    }

    private void AfterMetrics()
    {
        if (_meterEvents.Intervals > _settled)
        {
            _settled = _meterEvents.Intervals;
            _spanEvents.Settle(isLast: false);
            if (_meterEvents.IntervalEnd >= Volatile.Read(ref _wantedEnd))
            {
                _lastInterval?.TrySetResult();
            }
        }
    }

    private void AfterSpans()
    {
        if (_batch.IsFull)
        {
            SendSpans_NeedsLock();
        }
    }

    private void SendSpans_NeedsLock()
    {
        if (_batch.Count > 0)
        {
            var count = _batch.Count;
            _context.Forwarder.Send(new ForwardItem("v1/traces", _batch.Take(), count, (item, isTaken) => _tally.Add(areSpans: true, item.Items, isTaken)));
        }
    }

    private void SendMetrics_NeedsLock()
    {
        _exported = _context.Time.GetTimestamp();
        if (_meters.SeriesCount > 0)
        {
            _writer.Clear();
            var points = MeterEncoder.Write(_writer, _resource, _meters, _context.Time.GetUtcNow().ToUnixNano());
            _context.Forwarder.Send(new ForwardItem("v1/metrics", _writer.ToArray(), points, (item, isTaken) => _tally.Add(areSpans: false, item.Items, isTaken)));
        }
    }

    /// <summary>Unix time minus the monotonic clock, which we share with every process of the host.</summary>
    private void Calibrate() => _clockOffset = StreamClock.SharedOffset();

    private ulong UnixNano(long ticks)
    {
        var clock = _spansPump!.Clock;
        return (ulong)Math.Max(0, clock.Nanoseconds(ticks) + clock.Offset(_clockOffset));
    }
}
