using Gantry.Hub.Coverage;

namespace Gantry.Hub.Fleet.Views;

/// <summary>A way by which agents come to this hub, with all of its agents: OpAMP, or the Fleet Management API. Lists, pages and operators' deeds go over all
/// doors. Each guards its own agents; nothing here is called under a lock.</summary>
internal interface IFleetDoor
{
    /// <summary>Agents that it knows now.</summary>
    int Count { get; }

    /// <summary>Shows every agent to the scan, in slices under the door's lock.</summary>
    void Scan(FleetScan scan);

    /// <param name="member">One that this door showed to a scan.</param>
    AgentRow Row(IFleetMember member, DateTimeOffset now);

    /// <returns>Null: it is none of this door's.</returns>
    AgentDetail? One(string id);

    /// <summary>Sets what operators say of an agent, all of it.</summary>
    /// <returns>What is wrong with it, "" when it is done; null: it is none of this door's.</returns>
    string? SetAttributes(string id, IReadOnlyDictionary<string, string> attributes);

    /// <summary>Offers once more what the agent failed with.</summary>
    /// <returns>False: there is nothing that it failed with, or no such agent here.</returns>
    bool Retry(string id);
}

/// <summary>An agent of any door, as far as lists ask. Read under its door's lock.</summary>
internal interface IFleetMember
{
    /// <summary>Of an OpAMP agent; else <see cref="Guid.Empty"/>.</summary>
    Guid Uid { get; }

    /// <summary>Of a collector; "" where <see cref="Uid"/> says it.</summary>
    string OwnId { get; }

    /// <summary>What it calls its kind: service.name of a collector is its type.</summary>
    string Name { get; }

    string Version { get; }

    string HostName { get; }

    Gantry.Estate.Agents.AgentKind Kind { get; }

    /// <summary>Whose configuration it should run; "" when it is left alone.</summary>
    string Cohort { get; }

    long Revision { get; }

    /// <summary>Null: it never said.</summary>
    bool? IsHealthy { get; }

    DateTimeOffset LastSeen { get; }

    /// <summary>What operators set, before what it told; "" where it is not there.</summary>
    string Attribute(string name);
}

/// <summary>Where an agent stands at one moment.</summary>
/// <param name="State">One of <see cref="AgentStates.All"/>.</param>
/// <param name="Since">When it came into that state; null where nobody can tell.</param>
/// <param name="Fallback">"last", "own", or "" for one that is not on fallback.</param>
internal readonly record struct Standing(string State, DateTimeOffset? Since, bool IsConnected, bool IsStale, string Fallback);
