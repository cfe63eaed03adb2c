namespace Gantry.Estate.Configurations;

/// <summary>One file of a configuration, as it goes to an agent.</summary>
/// <param name="Name">"" for the only one.</param>
/// <param name="ContentType">"text/yaml", "application/json", "text/plain" …; what the agent's kind expects.</param>
public sealed record ConfigFile(string Name, string ContentType, ReadOnlyMemory<byte> Body);

/// <summary>Where a piece of a compiled configuration comes from.</summary>
/// <param name="Path">In the compiled file: "processors.batch/edge.timeout".</param>
/// <param name="Resource">"pipelines/edge", or what else put it there.</param>
/// <param name="Line">In that resource's document, from 1; 0 where it was not written by anyone.</param>
public sealed record ConfigOrigin(string Path, string Resource, int Line);

/// <summary>One finished configuration for all agents of a cohort: the same estate gives the same bytes, on every node and after every upgrade.</summary>
/// <param name="Hash">SHA-256 over names, content types and bodies of the files, 64 hexadecimal digits; what agents are told and echo.</param>
/// <param name="Kind">Of the agents that it is for.</param>
/// <param name="Files">In the order of their names (ordinal). Never empty: where nothing matches, a file that says so in a comment.</param>
public sealed record CompiledConfig(string Hash, Agents.AgentKind Kind, IReadOnlyList<ConfigFile> Files, IReadOnlyList<ConfigOrigin> Origins);
