using Gantry.Cli.Api;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>The journey as the hub shows it, again and again.</summary>
internal sealed class JourneyWatch(HubClient hub, string journey, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>What was declared shows itself with the hub's next look.</summary>
    /// <exception cref="CommandFailure">It does not, within <paramref name="patience"/>.</exception>
    public async Task WaitUntilKnownAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await ReadAsync(cancellation);
                return;
            }
            catch (CommandFailure) when (time.GetElapsedTime(began) < patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    public Task<JourneyRow> ReadAsync(CancellationToken cancellation) => hub.GetAsync<JourneyRow>($"journeys/{journey}", cancellation);

    /// <summary>Asks until <paramref name="done"/> has held for a while without a break, so that what flickers is not taken for done.</summary>
    /// <param name="patience">For the first moment of that while.</param>
    /// <returns>When it began to hold, from now; null when it did not in time.</returns>
    public async Task<TimeSpan?> WaitAsync(TimeSpan patience, TimeSpan steady, Predicate<JourneyRow> done, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        long? since = null;
        while (true)
        {
            var holds = done(await ReadAsync(cancellation));
            var now = time.GetTimestamp();
            since = holds ? since ?? now : null;
            if (since is { } first && time.GetElapsedTime(first, now) >= steady)
            {
                return time.GetElapsedTime(began, first);
            }

            if (since is null && time.GetElapsedTime(began, now) >= patience)
            {
                return null;
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }
}
