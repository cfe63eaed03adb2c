using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary>What components are to each other: signals that one does not have, statistics behind a sampler, two samplers in a row.</summary>
internal static class PipelineRules
{
    private static readonly HashSet<string> Samplers = ["probabilistic_sampler", "tail_sampling"];

    private static readonly HashSet<string> Statistics = ["span_metrics", "service_graph"];

    public static void Check(LintInput input, ResourceProblems problems)
    {
        foreach (var pipeline in input.Pipelines)
        {
            var path = $"{input.Path}.service.pipelines.{pipeline.Id}";
            CheckSignals("receivers", pipeline, pipeline.Receivers, input, path, problems);
            CheckSignals("processors", pipeline, pipeline.Processors, input, path, problems);
            CheckSignals("exporters", pipeline, pipeline.Exporters, input, path, problems);
            var samplers = pipeline.Processors.Where(processor => Samplers.Contains(LintInput.TypeOf("processors", processor))).ToList();
            if (samplers.Count == 0)
            {
                continue;
            }

            // Counts of what a sampler has left are counts of something else (README of spanmetricsconnector and servicegraphconnector).
            foreach (var exporter in pipeline.Exporters.Where(exporter => Statistics.Contains(LintInput.TypeOf("connectors", exporter))))
            {
                problems.Warn(exporter, $"{path}.exporters", $"counts what {samplers[0].Text} has left of the spans; feed it from a pipeline without a sampler");
            }

            if (samplers.Select(sampler => LintInput.TypeOf("processors", sampler)).Distinct().Count() > 1)
            {
                problems.Warn(samplers[1], $"{path}.processors", $"samples what {samplers[0].Text} has sampled, so what is kept is the product of the two; keep one");
            }
        }
    }

    private static void CheckSignals(string section, CollectorPipeline pipeline, IReadOnlyList<ScalarNode> ids, LintInput input, string path, ResourceProblems problems)
    {
        foreach (var id in ids)
        {
            if (input.Find(section, id) is { } component && ComponentShapes.Find(section, component.Type) is { Signals: { Count: > 0 } signals } && !signals.Contains(pipeline.Signal))
            {
                problems.Refuse(id, $"{path}.{section}", $"is for {string.Join(", ", signals)}, and this pipeline has {pipeline.Signal}; use it in another pipeline");
            }
        }
    }
}
