using Gantry.Agent.Host;

namespace Gantry.Agent.Tests.Support;

internal static class Batches
{
    public static MetricBatch Read(params IHostReader[] readers)
    {
        var batch = new MetricBatch();
        batch.Restart(1);
        foreach (var reader in readers)
        {
            reader.Read(batch);
        }

        return batch;
    }

    /// <summary>The one point of this metric whose attributes hold all of these values.</summary>
    public static double Value(this MetricBatch batch, string metric, params string[] values) => Assert.Single(batch.All(metric, values)).Value;

    public static List<MetricPoint> All(this MetricBatch batch, string metric, params string[] values) =>
        [.. batch.Points.ToArray().Where(point => point.Metric.Name == metric && values.All(value => Tags(point).Any(tag => tag.Value == value)))];

    public static IEnumerable<Tag> Tags(this MetricPoint point) =>
        new[] { point.A, point.B, point.C, point.D, point.E }.Where(tag => tag.Key is not null);
}
