using Gantry.Estate.Agents;

namespace Gantry.Hub.Rollouts;

/// <summary>Until there is something to compile: every agent is left alone.</summary>
internal sealed class NothingAssigned : IAssignments
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public Assignment? Of(AgentFacts agent) => null;
}
