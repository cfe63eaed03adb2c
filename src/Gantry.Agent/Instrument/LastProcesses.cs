using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument;

/// <summary>What the last scan found. Written by the agent's loop, read from any thread.</summary>
internal sealed class LastProcesses
{
    private volatile IReadOnlyList<ProcessFact> _all = [];

    public IReadOnlyList<ProcessFact> All
    {
        get => _all;
        set => _all = value;
    }
}
