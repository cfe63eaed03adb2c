using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward;

/// <summary>What is known of one destination: is something wrong, since when, and what was sent and lost. Thread-safe; changes are logged once, not by request.</summary>
internal sealed class DestinationHealth(DestinationOptions options, TimeProvider time, ILogger logger)
{
    // A flood of refused requests is one line now and then; the counters have them all.
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    // A destination that asks for a day of silence gets a minute, and asks again.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private Problem? _trouble;
    private Problem? _spoolTrouble;
    private long _restUntil;
    private long _nextRefusedLog;
    private long _nextLostLog;
    private long _sent;
    private long _refused;
    private long _rejectedItems;
    private long _lost;
    private long _cutBytes;
    private long _possibleDuplicates;

    public string Name => options.Name;

    public DestinationState State(Waiting waiting) => new(
        options.Name, options.Endpoint.GetLeftPart(UriPartial.Authority), options.Required, Volatile.Read(ref _spoolTrouble) ?? Volatile.Read(ref _trouble),
        waiting.Requests, waiting.Bytes, waiting.OldestAge,
        Interlocked.Read(ref _sent), Interlocked.Read(ref _refused), Interlocked.Read(ref _rejectedItems),
        Interlocked.Read(ref _lost), Interlocked.Read(ref _cutBytes), Interlocked.Read(ref _possibleDuplicates));

    /// <summary>How long the destination asked to be left alone from now on; null when it did not.</summary>
    public TimeSpan? Rest
    {
        get
        {
            var until = Interlocked.Read(ref _restUntil);
            if (until == 0)
            {
                return null;
            }

            var left = until - time.GetUtcNow().UtcTicks;
            if (left > 0)
            {
                return TimeSpan.FromTicks(left);
            }

            Interlocked.CompareExchange(ref _restUntil, 0, until);
            return null;
        }
    }

    /// <param name="requests">That went out together.</param>
    public void Answered(ForwardResult result, int requests)
    {
        switch (result.Verdict)
        {
            case ForwardVerdict.Accepted:
                Interlocked.Add(ref _sent, requests);
                Interlocked.Add(ref _rejectedItems, result.Rejected);
                Interlocked.Exchange(ref _restUntil, 0);
                if (Interlocked.Exchange(ref _trouble, null) is not null)
                {
                    Log.DestinationBack(logger, Name);
                }

                break;
            case ForwardVerdict.Unavailable:
                if (result.RetryAfter is { } delay && delay > TimeSpan.Zero)
                {
                    Interlocked.Exchange(ref _restUntil, (time.GetUtcNow() + (delay < LongestRest ? delay : LongestRest)).UtcTicks);
                }

                Set(ref _trouble, result.Reason);
                break;
            default:
                // It answers, and takes other requests: no trouble of the destination.
                break;
        }
    }

    /// <summary>One request, refused by itself; a merged one is refused for the sake of one in it.</summary>
    public void Refused(string reason)
    {
        var count = Interlocked.Increment(ref _refused);
        if (IsDue(ref _nextRefusedLog))
        {
            Log.RequestRefused(logger, Name, reason, count);
        }
    }

    public void Lost(long requests, string reason)
    {
        if (requests > 0)
        {
            var count = Interlocked.Add(ref _lost, requests);
            if (IsDue(ref _nextLostLog))
            {
                Log.RequestsLost(logger, Name, requests, reason, count);
            }
        }
    }

    public void Cut(long bytes) => Interlocked.Add(ref _cutBytes, bytes);

    public void PossiblyTwice(long requests) => Interlocked.Add(ref _possibleDuplicates, requests);

    /// <summary>The spool does not take data: full, or the disk refuses.</summary>
    public void SpoolRefuses(string reason) => Set(ref _spoolTrouble, reason);

    public void SpoolTakes()
    {
        if (Volatile.Read(ref _spoolTrouble) is not null && Interlocked.Exchange(ref _spoolTrouble, null) is not null)
        {
            Log.SpoolBack(logger, Name);
        }
    }

    private void Set(ref Problem? problem, string reason)
    {
        if (Interlocked.CompareExchange(ref problem, new Problem(reason, time.GetUtcNow()), null) is null)
        {
            Log.DestinationLost(logger, Name, reason);
        }
    }

    private bool IsDue(ref long next)
    {
        var (now, due) = (time.GetUtcNow().UtcTicks, Interlocked.Read(ref next));
        return now >= due && Interlocked.CompareExchange(ref next, now + LogInterval.Ticks, due) == due;
    }
}
