namespace Gantry.Benchmarks.Coverage;

/// <summary>
/// The answers from all spans of all traces, held whole: what no gateway and no hub does. Shares no code with them.
/// </summary>
internal sealed class BruteForce
{
    private readonly CoverageWorkload _workload;
    private readonly HashSet<string> _known;
    private readonly Dictionary<(ulong High, ulong Low), List<CoverageSpan>> _traces = [];

    public BruteForce(CoverageWorkload workload, IEnumerable<CoverageSpan[]> sent)
    {
        _workload = workload;
        _known = [.. workload.Services, .. workload.Dark];
        foreach (var span in sent.SelectMany(trace => trace))
        {
            if (!_traces.TryGetValue((span.High, span.Low), out var spans))
            {
                _traces.Add((span.High, span.Low), spans = []);
            }

            spans.Add(span);
        }
    }

    public int Traces => _traces.Count;

    /// <summary>Every link over which a call was lost, in any trace.</summary>
    public HashSet<(string From, string To)> LostLinks()
    {
        var lost = new HashSet<(string, string)>();
        foreach (var spans in _traces.Values)
        {
            var parents = spans.Where(span => span.IsInbound).Select(span => span.Parent).ToHashSet();
            foreach (var call in spans.Where(span => IsLost(span, parents)))
            {
                lost.Add((call.Service, _workload.Readers.GetValueOrDefault(call.Peer, call.Peer)));
            }
        }

        return lost;
    }

    /// <summary>For each journey the entry requests, with whether each was complete, by trace.</summary>
    public Dictionary<(string Service, string Operation), List<((ulong High, ulong Low) Trace, bool Complete)>> Completeness()
    {
        var result = _workload.Entries.ToDictionary(entry => entry, _ => new List<((ulong, ulong), bool)>());
        foreach (var (id, spans) in _traces)
        {
            var parents = spans.Where(span => span.IsInbound).Select(span => span.Parent).ToHashSet();
            var children = spans.ToLookup(span => span.Parent);
            foreach (var entry in spans.Where(span => span.IsInbound && result.ContainsKey((span.Service, span.Operation))))
            {
                result[(entry.Service, entry.Operation)].Add((id, IsComplete(entry, children, parents)));
            }
        }

        return result;
    }

    private bool IsComplete(CoverageSpan span, ILookup<ulong, CoverageSpan> children, HashSet<ulong> parents) =>
        !IsLost(span, parents) && children[span.Id].All(child => IsComplete(child, children, parents));

    private bool IsLost(CoverageSpan span, HashSet<ulong> parents) =>
        span is { IsCall: true, Failed: false } && !parents.Contains(span.Id) && (_known.Contains(span.Peer) || _workload.Readers.ContainsKey(span.Peer));
}
