using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;

namespace Gantry.Hub.Rollouts;

/// <summary>
/// What an agent should run: a decision apart from compiling. Doors ask here, and nowhere else. Today every agent gets the newest revision of its cohort
/// at once; waves, gates and signed bundles come to sit behind this.
/// </summary>
internal interface IAssignments
{
    /// <summary>Thread-safe, and cheap enough for every message: agents of a cohort share what was compiled.</summary>
    /// <returns>Null: it is to be left alone.</returns>
    Assignment? Of(AgentFacts agent);

    /// <summary>Which packages it should have, decided in the same place.</summary>
    /// <returns>Null: none is declared for it, and it keeps what it has.</returns>
    PackageSet? PackagesOf(AgentFacts agent) => null;

    /// <summary>The answer may be another now, for any agent. Raised on any thread, never under a lock.</summary>
    event Action? Changed;
}

/// <param name="Revision">Number of the revision within its cohort, from 1.</param>
/// <param name="Cohort">Name of the cohort, stable over restarts and nodes.</param>
/// <param name="IsNothing">No pipeline matches the agent, and the configuration does nothing. It withdraws what the agent had from here; one that never had
/// anything from here (its last remote configuration has no hash) is left alone, or a collector with a file of its own would lose it.</param>
internal sealed record Assignment(string Cohort, long Revision, CompiledConfig Config, bool IsNothing = false);
