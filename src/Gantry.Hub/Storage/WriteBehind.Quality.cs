using System.Data.Common;
using Gantry.Hub.Quality;

namespace Gantry.Hub.Storage;

/// <summary>What rules of the Instrumentation Score go by: written when it has moved by a minute, metrics by ten.</summary>
internal sealed partial class WriteBehind
{
    private static readonly string UpsertQuality = Upsert.Of("quality_service", "id", "name, namespace, environment");
    private static readonly string UpsertCheck = Upsert.Of("quality_check", "service, code", "first_seen, last_seen, last_bad, bad_since, example");
    private static readonly string UpsertMetric = Upsert.Of("quality_metric", "service, name, unit, bounds", "shown, last_seen");

    private void CopyQuality_NeedsLock(TakenRows rows)
    {
        foreach (var service in observations.Quality.Services_NeedsLock)
        {
            if (service.IsNew)
            {
                service.IsNew = false;
                rows.OnFailure(() => service.IsNew = true);
                rows.Add(UpsertQuality, ("$id", service.Id), ("$name", service.Key.Name), ("$namespace", service.Key.Namespace), ("$environment", service.Key.Environment));
            }

            foreach (var (code, check) in service.Checks.Where(item => item.Value.IsDirty))
            {
                rows.OnFailure(check.Written());
                rows.Add(UpsertCheck, ("$service", service.Id), ("$code", code), ("$first_seen", Milliseconds(check.First)), ("$last_seen", Milliseconds(check.Last)),
                    ("$last_bad", Milliseconds(check.LastBad)), ("$bad_since", Milliseconds(check.BadSince)), ("$example", check.Example));
            }

            foreach (var (metric, seen) in service.Metrics.Where(item => item.Value.IsDirty))
            {
                seen.IsDirty = false;
                rows.OnFailure(() => seen.IsDirty = true);
                rows.Add(UpsertMetric, ("$service", service.Id), ("$name", metric.Name), ("$unit", metric.Unit), ("$bounds", unchecked((long)metric.Bounds)),
                    ("$shown", seen.Bounds), ("$last_seen", Milliseconds(seen.Last)));
            }
        }
    }

    private static void ForgetQuality(DbConnection connection, (IReadOnlyList<string> Services, IReadOnlyList<(string Service, MetricVariant Metric)> Metrics) forgotten)
    {
        foreach (var id in forgotten.Services)
        {
            HubDatabase.Run(connection, "DELETE FROM quality_metric WHERE service = $id", ("$id", id));
            HubDatabase.Run(connection, "DELETE FROM quality_check WHERE service = $id", ("$id", id));
            HubDatabase.Run(connection, "DELETE FROM quality_service WHERE id = $id", ("$id", id));
        }

        foreach (var (service, metric) in forgotten.Metrics)
        {
            HubDatabase.Run(connection, "DELETE FROM quality_metric WHERE service = $service AND name = $name AND unit = $unit AND bounds = $bounds",
                ("$service", service), ("$name", metric.Name), ("$unit", metric.Unit), ("$bounds", unchecked((long)metric.Bounds)));
        }
    }

    /// <summary>0 for never.</summary>
    private static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;
}
