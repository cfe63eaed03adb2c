using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument;

/// <summary>A process that a rule allows to be instrumented, by the method that was chosen for it.</summary>
/// <param name="Process">As the last scan found it. Pid and start time together are its identity: a pid alone may be another program's by now.</param>
/// <param name="Rule">Its <see cref="InstrumentationRule.ServiceOf"/> names the service.</param>
/// <param name="Method">Id of the method.</param>
internal sealed record Target(ProcessFact Process, InstrumentationRule Rule, string Method);

/// <summary>
/// One way to instrument processes of this host. Called from the agent's one loop, so it must not wait: what takes time goes on behind, and
/// <see cref="StatusOf"/> tells how far it has come.
/// </summary>
internal interface IInstrumenter : IAsyncDisposable
{
    /// <summary>Ids of the methods that it knows.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Everything that is to be instrumented by it from now on. What was wanted before and is missing here is to be let go, and left as it was.</summary>
    void Want(InstrumentationPlan plan, IReadOnlyList<Target> targets);

    /// <summary>The agent's second hand, from the same loop.</summary>
    void Tick()
    {
    }

    /// <returns>Null: it knows nothing of the process.</returns>
    InstrumentationStatus? StatusOf(ProcessFact process);
}
