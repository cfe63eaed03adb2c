using Gantry.Hub.Fleet.Configs;
using Gantry.Hub.Fleet.Settings;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet;

/// <summary>What a message says: its parts, its number, and what is missing.</summary>
internal sealed partial class FleetStore
{
    /// <summary>An agent that cannot count would else be asked for everything with every message, for ever.</summary>
    public static readonly TimeSpan FullStateEvery = TimeSpan.FromSeconds(30);

    private const double FullStatesPerSecond = 100;
    private const double FullStatesAtOnce = 200;

    // After a crash all agents are ahead of what was written of them, though of most only heartbeats are missing. There is no hurry: 15,000 in ten minutes.
    private const double RestoredStatesPerSecond = 25;

    // Else an agent that only ever sends heartbeats would look long gone after a crash.
    private static readonly TimeSpan SeenWritten = TimeSpan.FromHours(6);

    private readonly TokenBucket _fullStates;
    private readonly TokenBucket _restoredStates;
    private readonly TokenBucket _enrol;

    /// <returns>False: at least one message was missed.</returns>
    private static bool Follow(AgentState agent, AgentToServer message, bool isNew)
    {
        if (isNew)
        {
            agent.SequenceNum = message.SequenceNum;
            return true;
        }

        // The least heartbeat there is has a uid and nothing else (specification, "OpAMPConnectionSettings.heartbeat_interval_seconds"): it does not count.
        if (message is { SequenceNum: 0, Capabilities: AgentCapabilities.None, Description: null })
        {
            return true;
        }

        var before = agent.SequenceNum;
        agent.SequenceNum = message.SequenceNum;
        if (message.SequenceNum == before + 1 || message.SequenceNum == before)
        {
            return true;
        }

        if (agent.Signs is { } signs && message.SequenceNum == signs.OtherSequence + 1)
        {
            signs.Alternations++;
        }

        (agent.Signs ??= new CloneSigns()).OtherSequence = before;
        return false;
    }

    /// <returns>Whether the agent told something new about its remote configuration.</returns>
    private bool Absorb(AgentState agent, AgentToServer message, KeptConfig? kept, DateTimeOffset now, out bool factsChanged)
    {
        agent.Dirty |= message.Description is not null || message.Health is not null || message.CustomCapabilities is not null || message.Disconnect is not null
            || message.RemoteConfigStatus is not null || message.PackageStatuses is not null || message.ConnectionSettingsStatus is not null
            || message.AvailableComponents is not null || kept is not null || agent.Connection is null || now - agent.WrittenSeen > SeenWritten;
        agent.LastSeen = now;
        factsChanged = message.Description is not null;
        if (message.Description is not null)
        {
            if (agent.Description?.Find("service.version") is { Length: > 0 } before && before != message.Description.Find("service.version"))
            {
                // Another version may take what the one before could not.
                agent.Config?.Rejected.Clear();
            }

            agent.Description = message.Description;
        }

        if (message.Health is not null)
        {
            agent.Health = message.Health;
        }

        agent.CustomCapabilities = message.CustomCapabilities?.Names ?? agent.CustomCapabilities;
        agent.Packages = message.PackageStatuses ?? agent.Packages;
        agent.Settings = message.ConnectionSettingsStatus ?? agent.Settings;
        if (message.Capabilities != AgentCapabilities.None && message.Capabilities != agent.Capabilities)
        {
            agent.Capabilities = message.Capabilities;
            agent.Dirty = true;
        }

        if (kept is not null && kept != agent.Effective)
        {
            (agent.Effective, agent.EffectiveAt) = (kept, now);
            Uncompare(agent);
        }

        factsChanged |= TakeComponents(agent, message.AvailableComponents);
        TakeInventory(agent, message.CustomMessage, now);
        if (message.RemoteConfigStatus is not { } status)
        {
            return false;
        }

        var config = agent.Config ??= new ConfigState();
        var isNews = config.Status != status.State || !config.LastHash.AsSpan().SequenceEqual(status.LastHash) || config.StatusAt is null;
        config.Take(status, now);
        return isNews;
    }

    private bool TakeComponents(AgentState agent, AvailableComponents? components)
    {
        if (components is null || components.Hash.Length is 0 or > 64)
        {
            return false;
        }

        var hash = Convert.ToHexStringLower(components.Hash);
        if (components.Components.Count > 0)
        {
            Components.Learn(hash, components);
        }

        agent.ComponentsUnknown = _options.Features.AvailableComponents && agent.Capabilities.HasFlag(AgentCapabilities.ReportsAvailableComponents) && !Components.Knows(hash);
        if (agent.ComponentsHash == hash)
        {
            return false;
        }

        agent.ComponentsHash = TextPool.Shared.Get(hash);
        return true;
    }

    private static void NeedFullState(AgentState agent, AgentToServer message, bool gap, bool isNew)
    {
        // A first report in the middle of a sequence may leave out what a hub before us was told.
        var isPartial = isNew && message.SequenceNum > 1
            && ((agent.Capabilities.HasFlag(AgentCapabilities.ReportsHealth) && agent.IsHealthy is null)
                || (agent.Capabilities.HasFlag(AgentCapabilities.ReportsEffectiveConfig) && agent.Effective is null));
        // A description behind a gap may itself be older than what was missed, so only one in sequence settles it.
        agent.NeedsFullState = gap || isPartial || (message.Description is null && (!agent.HasDescription || isNew || agent.NeedsFullState));
        agent.IsRestored &= agent.NeedsFullState;
    }

    private bool MayAskFullState(AgentState agent, DateTimeOffset now)
    {
        if ((agent.FullStateAsked is { } asked && now - asked < FullStateEvery) || !(agent.IsRestored ? _restoredStates : _fullStates).TryTake())
        {
            return false;
        }

        agent.FullStateAsked = now;
        return true;
    }

    private SettingsOffer? DueSettings(AgentState agent, bool told)
    {
        // Settings for all would take away the credential that is its own; one that is to take up another uid is told of them under that.
        if (agent.HasOwnSettings || agent.FormerUid is not null || Connections.For(agent.Capabilities) is not { } offer)
        {
            return null;
        }

        // What it has, and what it failed with, is not offered again.
        if (agent.Settings is { } status && status.LastHash.AsSpan().SequenceEqual(offer.Hash))
        {
            return null;
        }

        var wasOffered = agent.OfferedSettings?.AsSpan().SequenceEqual(offer.Hash) == true;
        return !wasOffered || (told && agent.Capabilities.HasFlag(AgentCapabilities.ReportsConnectionSettingsStatus)) ? offer : null;
    }

    /// <summary>What it says of a set is the end of it: installed, or failed to. One that says nothing is not asked twice, or the two would never end.</summary>
    /// <param name="anew">It begins with a full report, and may have forgotten the offer.</param>
    private PackageSet? DuePackages(AgentState agent, bool anew = false)
    {
        if (agent.DesiredPackages is not { } desired || !_options.Features.Packages || !agent.Capabilities.HasFlag(AgentCapabilities.AcceptsPackages)
            || agent.Packages?.OfferedHash.AsSpan().SequenceEqual(desired.Hash) == true)
        {
            return null;
        }

        return anew || agent.OfferedPackages?.Hash.AsSpan().SequenceEqual(desired.Hash) != true ? desired : null;
    }

    private void TakeInventory(AgentState agent, CustomMessage? message, DateTimeOffset now)
    {
        if (message is not { Capability: ProcessInventory.Capability, Type: ProcessInventory.MessageType }
            || WireMessage.TryRead<ProcessInventory>(message.Data, out _) is not { HostId.Length: > 0 } processes)
        {
            return;
        }

        if (_inventories.Count >= MaxAgents && !_inventories.ContainsKey(processes.HostId))
        {
            return;
        }

        _inventories[processes.HostId] = new HostInventory(agent.Uid, processes, now);
    }
}
