using Gantry.Hub.Observations;
using Gantry.Hub.Quality;

namespace Gantry.Hub.Storage;

internal sealed partial class StateLoader
{
    private void LoadQuality()
    {
        var services = new Dictionary<string, ServiceQuality>();
        Each("SELECT name, namespace, environment FROM quality_service", row =>
        {
            var service = new ServiceQuality(new ServiceKey(row.GetString(0), row.GetString(1), row.GetString(2))) { IsNew = false };
            services.Add(service.Id, service);
        });
        Each("SELECT service, code, first_seen, last_seen, last_bad, bad_since, example FROM quality_check", row =>
        {
            if (services.TryGetValue(row.GetString(0), out var service))
            {
                service.Checks[row.GetString(1)] = CheckEvidence.Restore(
                    Time(row.GetInt64(2)), Time(row.GetInt64(3)), Maybe(row.GetInt64(4)), Maybe(row.GetInt64(5)), row.GetString(6));
            }
        });
        Each("SELECT service, name, unit, bounds, shown, last_seen FROM quality_metric", row =>
        {
            if (services.TryGetValue(row.GetString(0), out var service))
            {
                service.Metrics[new MetricVariant(row.GetString(1), row.GetString(2), unchecked((ulong)row.GetInt64(3)))] =
                    new MetricSeen(row.GetString(4)) { Last = Time(row.GetInt64(5)), IsDirty = false };
            }
        });
        foreach (var service in services.Values)
        {
            observations.Quality.Restore(service);
        }

        static DateTimeOffset? Maybe(long milliseconds) => milliseconds == 0 ? null : Time(milliseconds);
    }
}
