using System.Collections.Concurrent;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Observe.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Sees every span once, in place, before any is dropped. A request goes through in two steps: <c>Scan</c> validates it and resolves what it
/// will count, <c>Commit</c> counts it, once it is accepted downstream. Thread-safe.
/// </summary>
internal sealed class Observer
{
    private const int MaxPooledSpans = 65_536;
    private const int MaxPooledTickets = 256;

    // The look must stay short, because it holds a shard.
    private const int MaxLookedBytes = 1024 * 1024;

    private readonly ObserveShard[] _shards;
    private readonly ConcurrentBag<TraceTicket> _tickets = [];
    private readonly TimeProvider _time;
    private ulong _looked;

    /// <param name="exponential">Also keep exponential buckets, for metrics that go out as exponential histograms.</param>
    public Observer(TimeProvider time, int shards = 0, bool exponential = false)
    {
        _time = time;
        var requestMetrics = new RequestMetrics(Now);
        var checks = new ResourceChecks();
        _shards = new ObserveShard[shards > 0 ? shards : Environment.ProcessorCount];
        for (var i = 0; i < _shards.Length; i++)
        {
            _shards[i] = new ObserveShard(Services, checks, requestMetrics, () => Now, exponential);
        }
    }

    public ServiceRegistry Services { get; } = new();

    public IReadOnlyList<ObserveShard> Shards => _shards;

    public ulong Now => _time.GetUtcNow().ToUnixNano();

    /// <param name="sampling">The policy that decides what is passed on; null when nothing is: then no span is written.</param>
    /// <returns>Null when the request is malformed. Else hand the ticket to <see cref="Commit(TraceTicket)"/> or <see cref="Discard"/>, once.</returns>
    public TraceTicket? ScanTraces(ReadOnlySpan<byte> request, SamplingModel? sampling = null)
    {
        if (!_tickets.TryTake(out var ticket))
        {
            ticket = new TraceTicket();
        }

        // A policy that keeps everything need not be asked, and the request goes on as it came.
        sampling = sampling is { CanDrop: true } ? sampling : null;
        ticket.IsRewritten = sampling is not null;
        var shard = Enter();
        try
        {
            if (Scan_NeedsLock(shard, request, ticket.Batch, sampling))
            {
                ticket.Shard = shard;
                ticket.Opened = shard.Open_NeedsLock();
                return ticket;
            }

            shard.Rollback_NeedsLock();
        }
        finally
        {
            shard.Gate.Exit();
        }

        Discard(ticket);
        return null;
    }

    private bool Scan_NeedsLock(ObserveShard shard, ReadOnlySpan<byte> request, TraceBatch batch, SamplingModel? sampling)
    {
        shard.Begin_NeedsLock();
        if (sampling is not null)
        {
            shard.Sampling.Use(sampling);
        }

        var sink = new TraceSink(shard, batch, sampling, Now);
        return EnvelopeScanner.ScanOnce(request, ref sink);
    }

    /// <param name="stored">The kept spans were accepted by a destination: then they are examples that can be looked up.</param>
    public void Commit(TraceTicket ticket, bool stored = true)
    {
        if (!stored)
        {
            ticket.Batch.Exemplars.Clear();
        }

        lock (ticket.Shard!.Gate)
        {
            ticket.Shard.Commit_NeedsLock(ticket.Batch, Now);
        }

        Discard(ticket);
    }

    public void Discard(TraceTicket ticket)
    {
        if (ticket.Shard is { } shard)
        {
            lock (shard.Gate)
            {
                shard.Close_NeedsLock(ticket.Opened);
            }
        }

        if (ticket.Spans > MaxPooledSpans || !ticket.Batch.IsSmall || _tickets.Count >= MaxPooledTickets)
        {
            // A burst of huge requests must not stay with us as huge arrays.
            ticket.Batch.Dispose();
            return;
        }

        ticket.Shard = null;
        ticket.Batch.Clear();
        _tickets.Add(ticket);
    }

    /// <summary>Items in a metrics, logs or profiles request; -1 when it is malformed.</summary>
    public static int Validate(Signal signal, ReadOnlySpan<byte> request)
    {
        var sink = new ValidatingSink(signal switch
        {
            Signal.Metrics => OtlpSchema.Metric,
            Signal.Profiles => OtlpSchema.Profile,
            _ => OtlpSchema.LogRecord,
        });
        return EnvelopeScanner.Scan(request, ref sink) ? sink.Items : -1;
    }

    /// <summary>Takes note of a metrics or logs request that <see cref="Validate"/> passed.</summary>
    /// <param name="comesAgain">It was turned away for now: only what may be seen twice is taken, so that a backend that is away does not make us blind.</param>
    public void Commit(Signal signal, ReadOnlySpan<byte> request, bool comesAgain = false)
    {
        var shard = Enter();
        try
        {
            var sink = new MetricSink(shard, signal, Now, comesAgain);
            EnvelopeScanner.Scan(request, ref sink);
        }
        finally
        {
            shard.Gate.Exit();
        }
    }

    /// <summary>Looks at what no count needs, at most once a second: at what level the attributes of a committed trace request's spans stand.</summary>
    public void LookAtSpans(ReadOnlySpan<byte> request)
    {
        var (now, last) = (Now, Volatile.Read(ref _looked));
        if (request.Length > MaxLookedBytes || now < last + 1_000_000_000 || Interlocked.CompareExchange(ref _looked, now, last) != last)
        {
            return;
        }

        // The shard that counted it knows its resources; of another one, those that it had before.
        var shard = Enter();
        try
        {
            var sink = new SpanLevels(shard, now);
            EnvelopeScanner.Scan(request, ref sink);
        }
        finally
        {
            shard.Gate.Exit();
        }
    }

    /// <summary>Enters a free shard; the one this thread likes best when none is.</summary>
    private ObserveShard Enter()
    {
        var first = Environment.CurrentManagedThreadId % _shards.Length;
        for (var i = 0; i < _shards.Length; i++)
        {
            var shard = _shards[(first + i) % _shards.Length];
            if (shard.Gate.TryEnter())
            {
                return shard;
            }
        }

        _shards[first].Gate.Enter();
        return _shards[first];
    }
}

/// <summary>A scanned trace request that waits for its verdict.</summary>
internal sealed class TraceTicket
{
    public TraceBatch Batch { get; } = new();

    internal ObserveShard? Shard { get; set; }

    internal ulong Opened { get; set; }

    public int Spans => Batch.SpanCount;

    public int Rejected => Batch.Rejected;

    /// <summary>Sampling was asked: what goes on is <see cref="Output"/>, else the request itself.</summary>
    public bool IsRewritten { get; internal set; }

    public int Kept => Batch.Kept;

    /// <summary>The kept spans as an export request; valid until the ticket is handed back.</summary>
    public ReadOnlyMemory<byte> Output => Batch.Output.WrittenMemory;
}
