using Gantry.Agent.Host;
using Gantry.Agent.Network;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Network;

/// <summary>A view of this machine's real network, sampled when a test says so.</summary>
internal sealed class Watched : IDisposable
{
    private readonly ProcFiles _proc = new("/proc");
    private readonly ProcessScanner _scanner;

    public Watched(int mostRows = NetworkView.DefaultRows)
    {
        _scanner = new ProcessScanner(_proc, new ProcFiles("/etc"));
        View = new NetworkView(_proc, TimeProvider.System, mostRows);
        Sample();
        Assert.SkipWhen(View.Limit.Contains("no socket diagnostics", StringComparison.Ordinal), View.Limit);
    }

    public NetworkView View { get; }

    public MetricBatch Batch { get; } = new();

    public MetricBatch Sample()
    {
        _scanner.Scan();
        Batch.Restart(1);
        View.Sample(_scanner.Processes, Batch);
        return Batch;
    }

    /// <summary>The sum of a metric over the points that have all of these attribute values; 0 when there is none.</summary>
    public long Sum(Metric metric, params string[] values) => (long)Points(metric, values).Sum(point => point.Value);

    public List<MetricPoint> Points(Metric metric, params string[] values) =>
        [.. Batch.Points.ToArray().Where(point => point.Metric == metric && values.All(value => Tags(point).Any(tag => tag.Value == value)))];

    public static IEnumerable<Tag> Tags(MetricPoint point) => (point.Labels?.Tags ?? []).Concat(point.Tags());

    /// <summary>Samples until it is so.</summary>
    public Task UntilAsync(Func<bool> condition, string expected) => Eventually.True(() =>
    {
        Sample();
        return condition();
    }, expected);

    public void Dispose() => View.Dispose();
}
