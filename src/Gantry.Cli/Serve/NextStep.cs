using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Serve;

/// <summary>Prints the one next step once the hub has looked around: when the first host is there, or after a while without one.</summary>
internal static class NextStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static async Task PrintAsync(CliContext context, Uri hub, CancellationToken cancellation)
    {
        using var client = new HubClient(context, hub);
        var began = context.Time.GetTimestamp();
        try
        {
            var summary = await client.GetAsync<Summary>("summary", cancellation);
            while (summary.HostRungs.Skip(1).Sum() == 0 && context.Time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, context.Time, cancellation);
                summary = await client.GetAsync<Summary>("summary", cancellation);
            }

            StepText.Write(context.Terminal.Out, context.Terminal.OutPaint, summary.Next);
            context.Terminal.Out.Flush();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped before there was anything to say.
        }
        catch (CommandFailure failure)
        {
            context.Terminal.Note($"The next step cannot be told: {failure.Message}");
        }
    }
}
