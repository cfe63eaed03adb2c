using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>
/// Puts span skeletons of a few traces together to see which services call which: a span whose parent is another service's span joins the two.
/// Bounded: two generations of spans, the older one is dropped when the newer is full or a minute old.
/// </summary>
internal sealed class JoinWindow
{
    public const int MaxSpans = 50_000;

    private static readonly TimeSpan Generation = TimeSpan.FromMinutes(1);

    private Dictionary<SpanRef, ServiceState> _spans = [];
    private Dictionary<SpanRef, ServiceState> _olderSpans = [];
    private Dictionary<SpanRef, List<ServiceState>> _waiting = [];
    private Dictionary<SpanRef, List<ServiceState>> _olderWaiting = [];
    private int _held;
    private DateTimeOffset _turned;

    /// <param name="joined">Called with caller and callee.</param>
    public void Add(SpanSkeleton span, ServiceState service, DateTimeOffset now, Action<ServiceState, ServiceState> joined)
    {
        if (_held >= MaxSpans || now - _turned > Generation)
        {
            Turn(now);
        }

        var self = new SpanRef(span.TraceHigh, span.TraceLow, span.Span);
        _spans[self] = service;
        _held++;
        foreach (var child in Take(self))
        {
            Join(service, child, joined);
        }

        if (span.Parent == 0)
        {
            return;
        }

        var parent = self with { Span = span.Parent };
        if (_spans.TryGetValue(parent, out var caller) || _olderSpans.TryGetValue(parent, out caller))
        {
            Join(caller, service, joined);
        }
        else
        {
            // Children often come first: their batch is sent while the parent still runs.
            if (!_waiting.TryGetValue(parent, out var children))
            {
                _waiting.Add(parent, children = []);
            }

            children.Add(service);
        }
    }

    private static void Join(ServiceState caller, ServiceState callee, Action<ServiceState, ServiceState> joined)
    {
        if (caller != callee)
        {
            joined(caller, callee);
        }
    }

    private List<ServiceState> Take(SpanRef parent)
    {
        var found = new List<ServiceState>();
        if (_waiting.Remove(parent, out var newer))
        {
            found.AddRange(newer);
        }

        if (_olderWaiting.Remove(parent, out var older))
        {
            found.AddRange(older);
        }

        return found;
    }

    private void Turn(DateTimeOffset now)
    {
        (_olderSpans, _spans) = (_spans, []);
        (_olderWaiting, _waiting) = (_waiting, []);
        _held = 0;
        _turned = now;
    }

    private readonly record struct SpanRef(ulong TraceHigh, ulong TraceLow, ulong Span);
}
