namespace Gantry.Hub.FleetManagement.Callers;

/// <summary>Without access control: whoever is on this machine may do everything. The hub listens on loopback only, or it does not start.</summary>
internal sealed class EverybodyOnLoopback : ICallerCheck
{
    public ValueTask<CallerVerdict> CheckAsync(CallerCredential credential, CallerNeed need, CancellationToken cancellation) =>
        ValueTask.FromResult(CallerVerdict.Welcome("loopback"));
}
