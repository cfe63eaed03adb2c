namespace Gantry.Hub;

/// <summary>
/// Leaves signals to the program around the server. The framework's own lifetime would stop the server on SIGTERM beside that program: parts would
/// stop out of order, and a hub that was asked to stop would look like one that failed.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
