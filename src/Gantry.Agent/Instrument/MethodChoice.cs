using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument;

/// <summary>How a process is to be instrumented, or why it cannot be.</summary>
/// <param name="Method">Id; "" when none fits.</param>
/// <param name="Reason">One of <see cref="InstrumentationReasons"/> when none fits.</param>
/// <param name="Message">For a person, with what would change it.</param>
internal sealed record MethodChoice(string Method, string Reason = "", string Message = "");

/// <summary>Chooses for a process. <paramref name="rule"/> null: nothing is asked for yet; would any method fit?</summary>
/// <param name="available">Methods that this agent can carry out.</param>
internal delegate MethodChoice MethodChooser(ProcessFact process, InstrumentationRule? rule, IReadOnlyCollection<string> available);
