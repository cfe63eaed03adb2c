using Gantry.Hub.Nodes;

namespace Gantry.Hub.Observations.Traces;

/// <summary>Is shown each chosen trace twice: when it settled, for who must be quick, and at its end, with what came late; at once where nothing in it waits for
/// anything. By one loop; must not block.</summary>
internal interface ITraceWatch
{
    void Settled(TraceTree trace, DateTimeOffset now);

    void Closed(TraceTree trace, DateTimeOffset now);
}

/// <summary>Takes settled traces out of the store once a second and shows them to everybody who looks at traces.</summary>
internal sealed class TraceLoop(
    ObservationStore observations, Node node, IEnumerable<ITraceWatch> watches, IEnumerable<ITraceJudge> judges, TimeProvider time, ILogger<TraceLoop> logger)
    : PeriodicService(Every, time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ITraceWatch[] _watches = [.. watches];
    private readonly ITraceJudge[] _judges = [.. judges];

    protected override string What => "A look at the chosen traces";

    protected override void Round()
    {
        if (!node.Observes)
        {
            return;
        }

        var now = Time.GetUtcNow();
        SettledTraces traces;
        lock (observations.Gate)
        {
            traces = observations.Traces_NeedsLock.Collect(now);
        }

        List<TraceTree> settled = [.. traces.Settled.Select(trace => new TraceTree(trace))];
        foreach (var tree in settled)
        {
            foreach (var watch in _watches)
            {
                watch.Settled(tree, now);
            }
        }

        // Nothing can come that would change what was said of them, and their room is wanted.
        List<TraceTree> whole = [.. settled.Where(tree => !tree.IsOpen)];
        if (whole.Count > 0)
        {
            lock (observations.Gate)
            {
                foreach (var tree in whole)
                {
                    observations.Traces_NeedsLock.Close(tree.Id, now);
                }
            }
        }

        foreach (var tree in traces.Closed.Select(trace => new TraceTree(trace)).Concat(whole))
        {
            foreach (var watch in _watches)
            {
                watch.Closed(tree, now);
            }

            foreach (var judge in _judges)
            {
                judge.Judge(tree.Trace, now);
            }
        }
    }
}
