using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Instrument;

/// <summary>
/// Tells agents whose processes' telemetry arrived: an agent that restarts units one after the other goes on only when the first is seen to work, and telemetry
/// goes past it. Only agents that instrument by a restart are told, and only when the answer is another.
/// </summary>
internal sealed class ObservedNotices(EstateQueries estate, FleetStore fleet, TimeProvider time, ILogger<ObservedNotices> logger) : PeriodicService(Beat, time, logger)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>An agent that has started again knows nothing of what was told before.</summary>
    private static readonly TimeSpan TellAgain = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(string Host, Guid Agent), (byte[] Data, long At)> _told = [];

    protected override string What => "Telling agents what was observed";

    protected override void Round()
    {
        var waiting = Waiting();
        if (waiting.Count == 0)
        {
            _told.Clear();
            return;
        }

        var seen = estate.Current.Services.Where(service => service is { Dark: false, Stale: false }).SelectMany(service => service.Processes).Select(process => (process.HostId, process.Pid, process.Started)).ToHashSet();
        foreach (var inventory in waiting)
        {
            var host = inventory.Processes.HostId;
            var observed = new ObservedProcesses();
            foreach (var process in inventory.Processes.Processes.Where(process => seen.Contains((host, process.Pid, UnixTime.FromUnixNano(process.StartUnixNano)))))
            {
                observed.Processes.Add(new ObservedProcess { Pid = process.Pid, StartUnixNano = process.StartUnixNano });
            }

            var data = observed.ToArray();
            var key = (host, inventory.Agent);
            var isKnown = _told.TryGetValue(key, out var before);
            var isDue = isKnown ? !before.Data.AsSpan().SequenceEqual(data) || Time.GetElapsedTime(before.At) >= TellAgain : data.Length > 0;
            if (isDue && fleet.Send(inventory.Agent, new CustomMessage { Capability = ProcessInventory.Capability, Type = ObservedProcesses.MessageType, Data = data }) == true)
            {
                _told[key] = (data, Time.GetTimestamp());
            }
        }

        foreach (var gone in _told.Keys.Except(waiting.Select(inventory => (inventory.Processes.HostId, inventory.Agent))).ToList())
        {
            _told.Remove(gone);
        }
    }

    private List<HostInventory> Waiting()
    {
        var now = Time.GetUtcNow();
        lock (fleet.Gate)
        {
            return [.. fleet.Inventories_NeedsLock.Where(inventory => inventory.HasRestarts && now - inventory.Received < Ladder.FreshFor)];
        }
    }
}
