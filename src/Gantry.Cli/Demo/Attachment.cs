using Gantry.Cli.Api;
using Gantry.Hub.Coverage;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Demo;

/// <summary>How far the attachment to a process has come, as the hub shows it.</summary>
/// <param name="Word">"configured", "loaded", "healthy" …</param>
internal readonly record struct AttachState(string Word, string Why)
{
    public bool IsIn => Word is "loaded" or "observed" or "healthy";
}

/// <summary>An Instrumentation for one process of this machine, for as long as the demo runs.</summary>
internal sealed class Attachment(HubClient hub, ShopService service, TimeProvider time)
{
    private const string Name = "gantry-demo";
    private const string Owner = "demo";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The port is among the conditions: another process of this name on this machine is left alone.</summary>
    public string Document { get; } = $$"""
        apiVersion: gantry/v1
        kind: Instrumentation
        metadata: {name: {{Name}}}
        spec:
          matchers: [collector.type=gantry, 'host.name={{Environment.MachineName}}']
          rules:
          - name: {{service.Plan.Name}}
            action: allow
            match: {language: dotnet, script: {{Path.GetFileName(service.Plan.Script)}}, port: {{service.Plan.Port}}}
            method: dotnet-attach
            service: {{service.Plan.Name}}
            namespace: {{Shop.Namespace}}

        """;

    /// <exception cref="CommandFailure">The hub refuses it.</exception>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        var answer = await hub.AskAsync<ApplyAnswer>(
            $"apply?source={Owner}&owner={Owner}&takeOver=true", new ApplyRequest([new DocumentFile($"{Name}.yaml", Document)]), cancellation, System.Net.HttpStatusCode.BadRequest, System.Net.HttpStatusCode.Conflict);
        if (!answer.Applied)
        {
            throw new CommandFailure($"the hub did not take the instrumentation: {string.Join("; ", answer.Problems)}");
        }
    }

    /// <summary>Until the session is there, or out of patience. The agent looks every ten seconds.</summary>
    public async Task<AttachState> WaitAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var row = (await hub.GetAsync<List<ProcessRow>>("processes", cancellation)).Find(row => row.Pid == service.Pid && row.HostName == Environment.MachineName);
            var state = row is null ? new AttachState("unknown", "no agent on this machine lists it; `gantry up` has one") : new AttachState(row.State, row.Message.Length > 0 ? row.Message : row.Evidence);
            if (state.IsIn || time.GetElapsedTime(began) >= patience)
            {
                return state;
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>As good as it goes: the process ends with the demo either way.</summary>
    public async Task RemoveAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            await hub.ChangeAsync(HttpMethod.Delete, $"resources/instrumentations/{Name}?source={Owner}&owner={Owner}", body: null, limit.Token);
        }
        catch (Exception error) when (error is CommandFailure or OperationCanceledException)
        {
            // The hub is gone, or somebody took it over: it matches nothing once the shop is closed.
        }
    }
}
