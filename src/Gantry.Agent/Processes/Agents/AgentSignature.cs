namespace Gantry.Agent.Processes.Agents;

/// <summary>An agent of some vendor, and everything by which it is recognised: one mark is enough.</summary>
/// <param name="Name">As a person knows it.</param>
/// <param name="StopsInjection">A second agent in the same process would fight with it.</param>
/// <param name="IsUpstream">OpenTelemetry's own, which may be there because Gantry put it there.</param>
/// <param name="BringsAlong">Names of what is found with it and is no agent of its own: a distribution's upstream, an agent's SDK.</param>
internal sealed record AgentSignature(string Name, bool StopsInjection, bool IsUpstream, string[] BringsAlong, Mark[] Marks);
