using System.Diagnostics;

namespace Gantry.Benchmarks.Load;

/// <summary>A few exporters, each with one connection, that send one request after the other: as much as the server takes, never more than it can.</summary>
internal sealed class ClosedLoop : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<Payload> _payloads;
    private readonly IExportClient[] _clients;
    private readonly int[] _next;
    private readonly SentLedger _ledger;

    /// <param name="ledger">Takes note of what was accepted.</param>
    public ClosedLoop(IReadOnlyList<Payload> payloads, IReadOnlyList<IExportClient> clients, SentLedger ledger)
    {
        _payloads = payloads;
        _clients = [.. clients];
        // Each begins elsewhere, so that not all send the same request at the same time.
        _next = [.. Enumerable.Range(0, clients.Count).Select(i => i * payloads.Count / clients.Count)];
        _ledger = ledger;
    }

    /// <returns>Spans that were accepted. What was begun in time is brought to its end.</returns>
    /// <exception cref="BenchmarkException">A request was not accepted.</exception>
    public async Task<long> RunAsync(TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var spans = await Task.WhenAll(_clients.Select((_, i) => Task.Run(() => RunAsync(i, () => Stopwatch.GetElapsedTime(start) < duration))));
        return spans.Sum();
    }

    /// <summary>Sends every payload once.</summary>
    public async Task SendAllAsync()
    {
        var index = -1;
        await Task.WhenAll(_clients.Select(client => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref index) is var mine && mine < _payloads.Count)
            {
                await SendAsync(client, _payloads[mine]);
            }
        })));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task<long> RunAsync(int number, Func<bool> isTime)
    {
        long spans = 0;
        while (isTime())
        {
            var payload = _payloads[_next[number]];
            _next[number] = (_next[number] + 1) % _payloads.Count;
            await SendAsync(_clients[number], payload);
            spans += payload.Spans;
        }

        return spans;
    }

    private async Task SendAsync(IExportClient client, Payload payload)
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            var answer = await client.SendAsync(payload, limit.Token);
            if (answer.Verdict != Verdict.Accepted)
            {
                throw new BenchmarkException($"wrong answer: a valid request of {payload.Spans} spans under moderate load was {answer.Verdict.ToString().ToLowerInvariant()} {answer.Why}");
            }

            _ledger.Add(payload);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new BenchmarkException($"wrong answer: none within {AnswerLimit.TotalSeconds} s to a request of {payload.Spans} spans");
        }
    }
}

/// <summary>How often each request of the workload was accepted. Thread-safe.</summary>
internal sealed class SentLedger(int requests)
{
    private readonly long[] _times = new long[requests];

    public void Add(Payload payload) => Interlocked.Increment(ref _times[payload.Index]);

    public long Times(int index) => Interlocked.Read(ref _times[index]);
}
