using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument;

/// <summary>What the hub last said: of which processes telemetry arrived. Nothing, as long as there is no hub: then nobody has seen it.</summary>
internal sealed class ObservedByHub
{
    private const int Most = 100_000;

    private volatile HashSet<(uint Pid, ulong Start)> _processes = [];

    /// <summary>The hub has answered on the present connection. While it has not, "no word" says nothing.</summary>
    public bool IsConnected { get; set; }

    public bool Has(ProcessFact process) => _processes.Contains((process.Pid, process.StartUnixNano));

    /// <param name="data">An <see cref="ObservedProcesses"/>; anything else changes nothing.</param>
    public void Take(ReadOnlySpan<byte> data)
    {
        if (WireMessage.TryRead<ObservedProcesses>(data, out _) is { Processes.Count: <= Most } observed)
        {
            _processes = [.. observed.Processes.Select(static process => (process.Pid, process.StartUnixNano))];
        }
    }
}
