using Gantry.Estate.Configurations;

namespace Gantry.Hub.Rollouts;

/// <summary>What an agent should run, and why.</summary>
/// <param name="Cohort">"" where the agent is left alone.</param>
/// <param name="Revision">Of its cohort; 0 where it is left alone.</param>
/// <param name="Hash">As the agent is told.</param>
/// <param name="Nothing">No pipeline matches.</param>
/// <param name="Attributes">As matchers see them.</param>
/// <param name="Groups">The one that goes first comes first.</param>
/// <param name="Pipelines">Of the agent's kind: those that match, then those that do not, with the first matcher that fails.</param>
/// <param name="Origins">Where each setting comes from.</param>
/// <param name="Problems">Why it is not all that is declared.</param>
public sealed record AgentConfiguration(
    string Agent,
    string Name,
    string Kind,
    string Cohort,
    long Revision,
    string Hash,
    bool Nothing,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Groups,
    IReadOnlyList<MatchedPipeline> Pipelines,
    IReadOnlyList<CompiledFileRow> Files,
    IReadOnlyList<ConfigOrigin> Origins,
    IReadOnlyList<ConfigRevision> Revisions,
    IReadOnlyList<string> Problems);

/// <param name="Why">"" where it matches; else "env=prod, and env is stage".</param>
public sealed record MatchedPipeline(string Name, int Priority, bool Matches, string Why);

public sealed record CompiledFileRow(string Name, string ContentType, string Text);
