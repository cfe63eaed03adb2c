using System.Text;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>Writes the chosen spans of all shards into one report; what many have in common is told once.</summary>
internal sealed class SkeletonReport(ObservationBatch report)
{
    private readonly Dictionary<(RedKey Red, string Operation, PeerKey? Peer), uint> _groups = [];

    // Numbers of series are a shard's own, and most spans of a shard share theirs with another.
    private readonly Dictionary<Resolved, uint> _known = [];

    public void Add_NeedsLock(ObserveShard shard)
    {
        _known.Clear();
        var threshold = shard.Skeletons.Drain(picked => report.Spans.Add(new SpanSkeleton
        {
            TraceHigh = picked.TraceHigh,
            TraceLow = picked.TraceLow,
            Span = picked.Span,
            Parent = picked.Parent,
            Group = GroupOf(shard, picked.Place),
            Flags = picked.Flags,
            DurationNano = picked.DurationNano,
        }));
        report.ChosenThreshold = Math.Max(report.ChosenThreshold, threshold);
    }

    private uint GroupOf(ObserveShard shard, Resolved place)
    {
        if (_known.TryGetValue(place, out var id))
        {
            return id;
        }

        var key = shard.Spans.Red.KeyOf(place.Series);
        var red = SpanLabels.KeyIn(key);
        var operation = HubTotals.OperationOf(red, SpanKey.NameIn(key));
        PeerKey? peer = place.Edge < 0 ? null : PeerKey.From(shard.Spans.Edges.KeyOf(place.Edge));
        // Status tells nothing here that a flag does not.
        var group = (red with { Status = 0 }, operation, peer);
        if (!_groups.TryGetValue(group, out id))
        {
            id = (uint)_groups.Count + 1;
            _groups.Add(group, id);
            report.Groups.Add(new SpanGroup
            {
                Id = id,
                Service = red.Service,
                Kind = red.Kind,
                Operation = operation,
                PeerType = peer?.Type ?? PeerType.Address,
                PeerName = peer?.Name ?? "",
                PeerSystem = peer?.System ?? "",
                PeerAddress = peer?.Address ?? "",
            });
        }

        _known.Add(place, id);
        return id;
    }
}
