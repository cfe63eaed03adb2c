using Gantry.Estate.Pipelines;

namespace Gantry.Estate.Instrumentation;

/// <summary>What an <c>Instrumentation</c> resource says. It is a pipeline for Gantry's own agent, written as rules. Null: it does not say.</summary>
public sealed record InstrumentationContents(
    IReadOnlyList<InstrumentationRule> Rules,
    IReadOnlyDictionary<string, string> Environment,
    RestartPolicy? Restart,
    TimeSpan? BakeFor,
    bool? Network,
    bool? Obi) : PipelineContents;
