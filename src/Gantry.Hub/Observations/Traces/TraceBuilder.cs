namespace Gantry.Hub.Observations.Traces;

/// <summary>A chosen trace while its spans still come.</summary>
internal sealed class TraceBuilder(ulong high, ulong low, DateTimeOffset now)
{
    private readonly Dictionary<(ulong Id, bool IsLink), ChosenSpan> _spans = [];
    private Dictionary<ulong, List<ServiceState>>? _waiting;

    public ulong Low => low;

    /// <summary>When its first span came.</summary>
    public DateTimeOffset Seen { get; } = now;

    public DateTimeOffset LastSeen { get; private set; } = now;

    public int Count => _spans.Count;

    /// <summary>It was shown to those who do not wait for what comes late.</summary>
    public bool IsSettled { get; set; }

    /// <param name="joined">Called with caller and callee, when they are two.</param>
    /// <returns>False for a span that was there already: a client sent it twice.</returns>
    public bool Add(ChosenSpan span, DateTimeOffset at, Action<ServiceState, ServiceState> joined)
    {
        if (!_spans.TryAdd((span.Id, span.IsLink), span))
        {
            return false;
        }

        LastSeen = at;
        if (!span.IsLink && _waiting is not null && _waiting.Remove(span.Id, out var children))
        {
            foreach (var child in children.Where(child => child != span.Service))
            {
                joined(span.Service, child);
            }
        }

        if (span.Parent == 0)
        {
            return true;
        }

        if (_spans.TryGetValue((span.Parent, false), out var parent))
        {
            if (parent.Service != span.Service)
            {
                joined(parent.Service, span.Service);
            }
        }
        else
        {
            // Children often come first: their batch is sent while the parent still runs.
            _waiting ??= [];
            if (!_waiting.TryGetValue(span.Parent, out var others))
            {
                _waiting.Add(span.Parent, others = []);
            }

            if (!others.Contains(span.Service))
            {
                others.Add(span.Service);
            }
        }

        return true;
    }

    public ChosenTrace ToTrace() => new(high, low, [.. _spans.Values], Seen);
}
