using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Processes.Agents;

internal readonly record struct FoundAgent(string Name, string Rule, bool StopsInjection)
{
    public OtherAgent ToFact() => new() { Name = Name, Rule = Rule, StopsInjection = StopsInjection };
}

/// <summary>The agents of one process. Compared by value, as two looks that see the same are no change.</summary>
internal sealed class FoundAgents(FoundAgent[] agents) : IEquatable<FoundAgents>
{
    public static readonly FoundAgents None = new([]);

    public ReadOnlySpan<FoundAgent> Agents => agents;

    public bool Equals(FoundAgents? other) => other is not null && Agents.SequenceEqual(other.Agents);

    public override bool Equals(object? obj) => Equals(obj as FoundAgents);

    public override int GetHashCode() => agents.Length;
}
