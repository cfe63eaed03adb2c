using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>What was wanted last, and why some of it is not done. Immutable; replaced as a whole.</summary>
/// <param name="Targets">By pid and start time.</param>
/// <param name="Blocked">The same, with the reason and its message.</param>
internal sealed record InjectorWish(
    InstrumentationPlan Plan,
    string Key,
    IReadOnlyDictionary<(uint Pid, ulong Start), Target> Targets,
    IReadOnlyDictionary<(uint Pid, ulong Start), (string Reason, string Message)> Blocked)
{
    public static readonly InjectorWish Nothing = new(
        InstrumentationPlan.Nothing, "", new Dictionary<(uint, ulong), Target>(), new Dictionary<(uint, ulong), (string, string)>());

    public static (uint Pid, ulong Start) Id(ProcessFact process) => (process.Pid, process.StartUnixNano);
}
