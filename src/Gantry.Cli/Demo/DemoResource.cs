using System.Net;
using Gantry.Cli.Api;
using Gantry.Cli.Journeys;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Demo;

/// <summary>Something declared for as long as the demo runs.</summary>
/// <param name="kind">As in the API's paths: "instrumentations".</param>
/// <param name="takeOver">The name is the demo's, whoever declared it. False: what somebody else owns is left alone.</param>
internal sealed class DemoResource(HubClient hub, string kind, string name, string document, TimeProvider time, bool takeOver = false)
{
    private const string Owner = "demo";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Changes nothing.</summary>
    /// <exception cref="CommandFailure">The hub would refuse it.</exception>
    public async Task CheckAsync(CancellationToken cancellation) => Judge(await AskAsync("&dryRun=true", cancellation));

    /// <param name="undo">Gets what takes it back, before it is asked for: Ctrl-C may come between the hub's change and its answer.</param>
    /// <exception cref="CommandFailure">The hub refuses it.</exception>
    public async Task ApplyAsync(ICollection<Func<Task>> undo, CancellationToken cancellation)
    {
        undo.Add(RemoveAsync);
        Judge(await AskAsync("", cancellation));
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
            // The hub is gone, or it is somebody else's: it matches nothing once the shop is closed.
        }
    }

    private Task<ApplyAnswer> AskAsync(string more, CancellationToken cancellation) => hub.AskAsync<ApplyAnswer>(
        $"apply?source={Owner}&owner={Owner}{(takeOver ? "&takeOver=true" : "")}{more}", new ApplyRequest([new DocumentFile($"{name}.yaml", document)]), cancellation,
        HttpStatusCode.BadRequest, HttpStatusCode.Conflict);

    private void Judge(ApplyAnswer answer)
    {
        if (answer.Changes.FirstOrDefault(change => change.Result == "owned") is { Resource: var theirs })
        {
            throw new CommandFailure(
                $"the hub has {kind}/{name} already, owned by {Lines.One(theirs.Owner)} (applied by {Lines.One(theirs.Source)}); the demo would declare one of this name while it runs, and leaves yours alone: rename yours, or give the demo another hub with --hub",
                ExitCodes.Conflict);
        }

        if (answer.Problems.Any(problem => problem.Severity == ResourceProblem.Error))
        {
            throw new CommandFailure($"the hub did not take {kind}/{name}: {Lines.One(string.Join("; ", answer.Problems))}");
        }
    }
}
