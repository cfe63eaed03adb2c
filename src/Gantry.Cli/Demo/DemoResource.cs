using System.Net;
using Gantry.Cli.Api;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Demo;

/// <summary>Something declared for as long as the demo runs.</summary>
/// <param name="kind">As in the API's paths: "instrumentations".</param>
internal sealed class DemoResource(HubClient hub, string kind, string name, string document, TimeProvider time)
{
    private const string Owner = "demo";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="CommandFailure">The hub refuses it.</exception>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        var answer = await hub.AskAsync<ApplyAnswer>(
            $"apply?source={Owner}&owner={Owner}&takeOver=true", new ApplyRequest([new DocumentFile($"{name}.yaml", document)]), cancellation, HttpStatusCode.BadRequest, HttpStatusCode.Conflict);
        if (!answer.Applied)
        {
            throw new CommandFailure($"the hub did not take {kind}/{name}: {string.Join("; ", answer.Problems)}");
        }
    }

    /// <summary>As good as it goes: the shop ends with the demo either way.</summary>
    public async Task RemoveAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            await hub.ChangeAsync(HttpMethod.Delete, $"resources/{kind}/{name}?source={Owner}&owner={Owner}", body: null, limit.Token);
        }
        catch (Exception error) when (error is CommandFailure or OperationCanceledException)
        {
            // The hub is gone, or somebody took it over: it matches nothing once the shop is closed.
        }
    }
}
