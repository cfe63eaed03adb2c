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

    /// <summary>Asks until <paramref name="done"/> or out of patience.</summary>
    /// <returns>What was seen last, either way, and how long it took.</returns>
    public async Task<(JourneyRow Row, TimeSpan Took)> WaitAsync(TimeSpan patience, Func<JourneyRow, bool> done, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var row = await ReadAsync(cancellation);
            var took = time.GetElapsedTime(began);
            if (done(row) || took >= patience)
            {
                return (row, took);
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }
}
