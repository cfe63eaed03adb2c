using System.Runtime.InteropServices;

namespace Gantry.Cli;

/// <summary>Ctrl-C, SIGTERM and a closed terminal ask once, by the token; asked again, the process ends at once.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interrupt() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            // Runs the ProcessExit handlers, so that the demo's services do not stay behind.
            Environment.Exit(ExitCodes.Interrupted);
        }

        _source.Cancel();
    }
}
