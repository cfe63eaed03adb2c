using System.Diagnostics;
using Gantry.Benchmarks.Load;

namespace Gantry.Benchmarks.Overload;

/// <summary>
/// Requests that come when they come, whether the server keeps up or not, over the connections of many exporters. An exporter that is turned away waits as
/// long as it was told, silent, and then sends the same again. A request that finds every exporter busy or waiting is not sent, and counted: an
/// exporter's queue is full then, and it drops.
/// </summary>
internal sealed class OpenLoop(IReadOnlyList<Payload> payloads, IReadOnlyList<IExportClient> clients, SentLedger ledger)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    // An exporter that was told nothing waits this long; a second is what SDKs begin with.
    private static readonly TimeSpan Untold = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<int> _free = new(Enumerable.Range(0, clients.Count));
    private readonly PriorityQueue<(int Client, int Payload), long> _again = new();
    private readonly OverloadTally _tally = new();
    private int _next;
    private int _busy;

    /// <param name="requestsPerSecond">Offered, new ones and repeated ones together.</param>
    /// <param name="eachTick">Called about every 2 ms, for who wants to watch.</param>
    public async Task<OverloadTally> RunAsync(double requestsPerSecond, TimeSpan duration, Action<TimeSpan> eachTick)
    {
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < duration)
        {
            eachTick(elapsed);
            while (_tally.Offered < elapsed.TotalSeconds * requestsPerSecond)
            {
                Offer(start, duration);
            }

            await timer.WaitForNextTickAsync();
        }

        // What is under way is waited for, or nobody would know whether it was counted; it is no goodput any more.
        using var limit = new CancellationTokenSource(AnswerLimit);
        while (Volatile.Read(ref _busy) > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        return _tally;
    }

    private void Offer(long start, TimeSpan duration)
    {
        int client;
        int payload;
        lock (_lock)
        {
            _tally.Offered++;
            if (_again.TryPeek(out var told, out var due) && due <= Stopwatch.GetTimestamp())
            {
                _again.Dequeue();
                (client, payload) = told;
                _tally.SentAgain++;
            }
            else if (_free.TryDequeue(out client))
            {
                payload = _next;
                _next = (_next + 1) % payloads.Count;
            }
            else
            {
                _tally.NotSent++;
                return;
            }

            _tally.Sent++;
            _busy++;
        }

        _ = Task.Run(() => SendAsync(client, payloads[payload], start, duration));
    }

    private async Task SendAsync(int client, Payload payload, long start, TimeSpan duration)
    {
        var sent = Stopwatch.GetTimestamp();
        ExportAnswer answer;
        try
        {
            using var limit = new CancellationTokenSource(AnswerLimit);
            answer = await clients[client].SendAsync(payload, limit.Token);
        }
        catch (OperationCanceledException)
        {
            answer = ExportAnswer.Failed($"no answer within {AnswerLimit.TotalSeconds} s");
        }
        catch (Exception exception)
        {
            answer = ExportAnswer.Failed(exception.Message);
        }

        lock (_lock)
        {
            _busy--;
            if (answer.Verdict != Verdict.Refused)
            {
                _free.Enqueue(client);
            }

            Judge(answer, client, payload, Stopwatch.GetElapsedTime(sent), inTime: Stopwatch.GetElapsedTime(start) <= duration);
        }
    }

    private void Judge(ExportAnswer answer, int client, Payload payload, TimeSpan took, bool inTime)
    {
        switch (answer.Verdict)
        {
            case Verdict.Accepted:
                ledger.Add(payload);
                _tally.Spans += inTime ? payload.Spans : 0;
                _tally.Accepted.Add(took.TotalMilliseconds);
                break;
            case Verdict.Refused:
                _tally.Refusals.Add(took.TotalMilliseconds);
                _tally.RefusedWithoutRetryDelay += answer.RetryAfter is null ? 1 : 0;
                _tally.ToldSeconds.Add((answer.RetryAfter ?? Untold).TotalSeconds);
                _again.Enqueue((client, payload.Index), Stopwatch.GetTimestamp() + (long)((answer.RetryAfter ?? Untold).TotalSeconds * Stopwatch.Frequency));
                break;
            default:
                _tally.Failed++;
                _tally.FirstFailure ??= answer.Why;
                break;
        }
    }
}

/// <summary>What became of what was offered.</summary>
internal sealed class OverloadTally
{
    public long Offered { get; set; }

    /// <summary>Every exporter had a request under way, or waited as it was told.</summary>
    public long NotSent { get; set; }

    public long Sent { get; set; }

    /// <summary>Of <see cref="Sent"/>: refused before, and waited as told.</summary>
    public long SentAgain { get; set; }

    /// <summary>Accepted in time.</summary>
    public long Spans { get; set; }

    public long RefusedWithoutRetryDelay { get; set; }

    /// <summary>Neither accepted nor refused.</summary>
    public long Failed { get; set; }

    public string? FirstFailure { get; set; }

    /// <summary>Milliseconds until an acknowledgement.</summary>
    public List<double> Accepted { get; } = [];

    /// <summary>Milliseconds until a refusal.</summary>
    public List<double> Refusals { get; } = [];

    /// <summary>How long the refused were told to wait.</summary>
    public List<double> ToldSeconds { get; } = [];
}
