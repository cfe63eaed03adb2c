using Gantry.Cli.Api;
using Gantry.Hub.Coverage;

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
    public Task ApplyAsync(ICollection<Func<Task>> undo, CancellationToken cancellation) => Resource.ApplyAsync(undo, cancellation);

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

    public Task RemoveAsync() => Resource.RemoveAsync();

    private DemoResource Resource => new(hub, "instrumentations", Name, Document, time, takeOver: true);
}
