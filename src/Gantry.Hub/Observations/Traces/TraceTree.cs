using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Observations.Traces;

/// <summary>What became of a call, as one trace shows it.</summary>
internal enum CallOutcome
{
    /// <summary>Nothing can be said: it failed before anybody answered, it only takes from a queue, or another call within it is the real one.</summary>
    Unclear,

    /// <summary>An inbound span has it as parent, or links to it.</summary>
    Answered,

    /// <summary>It went through, and nobody's span continues it.</summary>
    Lost,
}

/// <summary>A chosen trace with its spans by parent.</summary>
internal sealed class TraceTree
{
    private static readonly List<ChosenSpan> None = [];

    private readonly Dictionary<ulong, List<ChosenSpan>> _children = [];
    private readonly Dictionary<ulong, ChosenSpan> _spans = [];
    private List<ChosenSpan>? _orphans;

    public TraceTree(ChosenTrace trace)
    {
        Trace = trace;
        foreach (var span in trace.Spans)
        {
            if (!span.IsLink)
            {
                _spans.TryAdd(span.Id, span);
            }

            if (span.Parent != 0)
            {
                if (!_children.TryGetValue(span.Parent, out var children))
                {
                    _children.Add(span.Parent, children = []);
                }

                children.Add(span);
            }
        }
    }

    public ChosenTrace Trace { get; }

    public (ulong High, ulong Low) Id => (Trace.High, Trace.Low);

    public IReadOnlyList<ChosenSpan> ChildrenOf(ChosenSpan span) => span.IsLink ? None : _children.GetValueOrDefault(span.Id, None);

    /// <summary>Null for a root, for a span of another trace that links here, and where the parent never came.</summary>
    public ChosenSpan? ParentOf(ChosenSpan span) => span.IsLink ? null : _spans.GetValueOrDefault(span.Parent);

    /// <summary>Inbound spans that name a parent which never came.</summary>
    public IReadOnlyList<ChosenSpan> InboundOrphans => _orphans ??= [.. Trace.Spans.Where(span => SpanKinds.IsInbound(span.Kind) && IsOrphan(span))];

    /// <summary>It names a parent that never came.</summary>
    public bool IsOrphan(ChosenSpan span) => span is { IsLink: false, Parent: not 0 } && !_spans.ContainsKey(span.Parent);

    /// <summary>Something may still come: an answer to a call, or a parent.</summary>
    public bool IsOpen => Trace.Spans.Any(span => IsOrphan(span) || (IsCall(span) && OutcomeOf(span) == CallOutcome.Lost));

    /// <summary>Calls of this trace: exit spans, seen from those who made them.</summary>
    public IEnumerable<ChosenSpan> Calls => Trace.Spans.Where(IsCall);

    public static bool IsCall(ChosenSpan span) => span is { IsLink: false, Kind: SpanKinds.Client or SpanKinds.Producer };

    public CallOutcome OutcomeOf(ChosenSpan call)
    {
        var children = ChildrenOf(call);
        if (children.Any(child => IsAnswer(call, child)))
        {
            return CallOutcome.Answered;
        }

        var isUnclear = call.Failed
            || (call is { Kind: SpanKinds.Client, Peer.Type: PeerType.Messaging })
            || children.Any(child => child.Service == call.Service && IsCall(child));
        return isUnclear ? CallOutcome.Unclear : CallOutcome.Lost;
    }

    /// <summary>Answers to a call; of a queue, whoever took the message.</summary>
    public IEnumerable<ChosenSpan> AnswersTo(ChosenSpan call) => ChildrenOf(call).Where(child => IsAnswer(call, child));

    private static bool IsAnswer(ChosenSpan call, ChosenSpan child) => SpanKinds.IsInbound(child.Kind) || child.Service != call.Service;
}
