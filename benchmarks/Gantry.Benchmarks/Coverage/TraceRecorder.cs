using System.Diagnostics;
using Gantry.Hub.Observations.Traces;

namespace Gantry.Benchmarks.Coverage;

/// <summary>Notes which traces the hub looked at: those are the chosen ones.</summary>
internal sealed class TraceRecorder : ITraceWatch
{
    private readonly HashSet<(ulong High, ulong Low)> _settled = [];
    private long _first;

    public Lock Gate { get; } = new();

    public IReadOnlySet<(ulong High, ulong Low)> Settled_NeedsLock => _settled;

    /// <summary>Between the first trace and the last.</summary>
    public TimeSpan Took { get; private set; }

    public void Settled(TraceTree trace, DateTimeOffset now)
    {
        lock (Gate)
        {
            _first = _first == 0 ? Stopwatch.GetTimestamp() : _first;
            Took = Stopwatch.GetElapsedTime(_first);
            _settled.Add(trace.Id);
        }
    }

    public void Closed(TraceTree trace, DateTimeOffset now)
    {
    }
}
