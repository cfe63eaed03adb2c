using Gantry.Hub.FleetManagement.Callers;

namespace Gantry.Hub.Access;

/// <summary>For the Fleet Management door: the gate stands before it and has decided already, by the same header.</summary>
internal sealed class GateCallers : ICallerCheck
{
    public ValueTask<CallerVerdict> CheckAsync(CallerCredential credential, CallerNeed need, CancellationToken cancellation) =>
        ValueTask.FromResult(CallerVerdict.Welcome(Actor.Current.Who));
}
