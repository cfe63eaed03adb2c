using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary>What single components demand of their settings, as their own checks do at the start of a collector, and what their READMEs warn of.</summary>
internal static class ComponentRules
{
    private static readonly string[] Unbounded = ["http.url", "url.full", "http.target", "url.query", "db.statement", "db.query.text", "trace_id", "span_id", "trace.id", "span.id", "enduser.id", "user.id", "client.address"];

    public static void Check(CollectorComponent component, string path, ResourceProblems problems)
    {
        if (ComponentRenames.FindRemoved(component.Section, component.Type) is { } removed)
        {
            problems.Warn(component.Key, path, $"is gone from {removed.Since} on; use {removed.Instead}");
        }

        switch (component.Section, ComponentRenames.NewestOf(component.Section, component.Type))
        {
            case ("receivers", "otlp"):
                if (ConfigLint.Field(component.Config, "protocols")?.Value is not MappingNode { Fields.Count: > 0 })
                {
                    problems.Warn(component.Key, path, "has no protocol, and a collector does not start with that; write protocols: {grpc: {endpoint: localhost:4317}}");
                }

                break;
            case ("processors", "memory_limiter"):
                MemoryLimiter(component, path, problems);
                break;
            case ("processors", "batch"):
                Batch(component, path, problems);
                break;
            case ("processors", "probabilistic_sampler") when ConfigLint.Field(component.Config, "sampling_percentage") is null:
                problems.Warn(component.Key, path, "has no sampling_percentage, which is 0: it drops everything; write sampling_percentage: 10");
                break;
            case ("exporters", "debug") when ConfigLint.Scalar(component.Config, "verbosity") is { Text: "detailed" } verbosity:
                problems.Warn(verbosity, $"{path}.verbosity", "writes every record to the agent's log; write basic");
                break;
            case ("exporters", _) when ConfigLint.Scalar(component.Config, "retry_on_failure", "max_elapsed_time") is { Text: "0" or "0s" } forever:
                problems.Warn(forever, $"{path}.retry_on_failure.max_elapsed_time", "tries again for ever, so one batch that is refused holds up all behind it; write an end such as 300s");
                break;
            case ("connectors", "span_metrics"):
                SpanMetrics(component, path, problems);
                break;
        }
    }

    /// <summary>internal/memorylimiter/config.go, Validate.</summary>
    private static void MemoryLimiter(CollectorComponent component, string path, ResourceProblems problems)
    {
        if (ConfigLint.Field(component.Config, "check_interval") is null || ConfigLint.Scalar(component.Config, "check_interval") is { Text: "0" or "0s" })
        {
            problems.Refuse(component.Key, path, "needs a check_interval, and a collector does not start without; write check_interval: 1s");
        }

        if (ConfigLint.Field(component.Config, "limit_mib") is null && ConfigLint.Field(component.Config, "limit_percentage") is null)
        {
            problems.Refuse(component.Key, path, "needs a limit, and a collector does not start without; write limit_percentage: 80, or limit_mib: 512");
        }

        foreach (var unit in new[] { "mib", "percentage" })
        {
            if (ConfigLint.Scalar(component.Config, $"spike_limit_{unit}") is { } spike && ConfigLint.Number(spike) >= ConfigLint.Number(ConfigLint.Scalar(component.Config, $"limit_{unit}")))
            {
                problems.Refuse(spike, $"{path}.spike_limit_{unit}", $"expected less than limit_{unit}, some 20 % of it");
            }
        }

        if (ConfigLint.Scalar(component.Config, "limit_percentage") is { } limit && ConfigLint.Number(limit) is > 100)
        {
            problems.Refuse(limit, $"{path}.limit_percentage", "expected 1 to 100");
        }
    }

    /// <summary>processor/batchprocessor/config.go, Validate.</summary>
    private static void Batch(CollectorComponent component, string path, ResourceProblems problems)
    {
        const double DefaultSize = 8192;
        var size = ConfigLint.Scalar(component.Config, "send_batch_size");
        if (ConfigLint.Scalar(component.Config, "send_batch_max_size") is { } most && ConfigLint.Number(most) is > 0 and var max && max < (size is null ? DefaultSize : ConfigLint.Number(size)))
        {
            problems.Refuse(most, $"{path}.send_batch_max_size", $"expected 0 or at least send_batch_size, which is {size?.Text ?? "8192 where it is not written"}");
        }
    }

    private static void SpanMetrics(CollectorComponent component, string path, ResourceProblems problems)
    {
        if (ConfigLint.Scalar(component.Config, "metrics_expiration") is { Text: "0" or "0s" } expiration)
        {
            problems.Warn(expiration, $"{path}.metrics_expiration", "keeps every series for ever; write a time such as 5m");
        }

        foreach (var name in ((ConfigLint.Field(component.Config, "dimensions")?.Value as ListNode)?.Items ?? []).Select(item => ConfigLint.Scalar(item, "name")).OfType<ScalarNode>())
        {
            if (Unbounded.Contains(name.Text))
            {
                problems.Warn(name, $"{path}.dimensions", "has a new value with nearly every span, and each makes a series; use http.route, or leave it out");
            }
        }
    }
}
