using Gantry.Hub.Journeys;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>The hops of a journey by their parents. What names a parent that is not there, or itself, stands at the root: rows come from what was seen.</summary>
public sealed class HopTree
{
    private readonly Dictionary<string, List<HopRow>> _children = [];

    private readonly Dictionary<string, HopRow> _hops = [];

    public HopTree(JourneyRow journey)
    {
        foreach (var hop in journey.Hops)
        {
            _hops.TryAdd(hop.Id, hop);
        }

        foreach (var hop in _hops.Values)
        {
            var parent = HangsOnRoot(hop) ? "" : hop.Parent;
            if (!_children.TryGetValue(parent, out var list))
            {
                _children.Add(parent, list = []);
            }

            list.Add(hop);
        }

        foreach (var list in _children.Values)
        {
            list.Sort(static (left, right) => left.Share != right.Share ? right.Share.CompareTo(left.Share) : string.CompareOrdinal(left.End.Name + left.Id, right.End.Name + right.Id));
        }
    }

    public IReadOnlyList<HopRow> Roots => ChildrenOf("");

    /// <summary>Most of the requests first.</summary>
    public IReadOnlyList<HopRow> ChildrenOf(string id) => _children.GetValueOrDefault(id) ?? [];

    /// <summary>A hop and everything behind it.</summary>
    public IEnumerable<HopRow> Under(HopRow hop) => ChildrenOf(hop.Id).SelectMany(Under).Prepend(hop);

    /// <summary>All hops in the order in which one would tell them: each before what it calls.</summary>
    public IEnumerable<HopRow> InOrder() => Roots.SelectMany(Under);

    /// <summary>Ids of the hops to draw: the entry, every way to a break, then what most requests come by.</summary>
    public HashSet<string> Choose(int most)
    {
        var shown = Roots.Select(hop => hop.Id).ToHashSet();
        foreach (var hop in _hops.Values.OrderBy(hop => hop.Break.Length > 0 ? 0 : 1).ThenByDescending(hop => hop.Share).ThenBy(hop => hop.Depth).ThenBy(hop => hop.Id, StringComparer.Ordinal))
        {
            var way = WayTo(hop).Where(id => !shown.Contains(id)).ToList();
            if (shown.Count + way.Count <= most)
            {
                shown.UnionWith(way);
            }
        }

        return shown;
    }

    private IEnumerable<string> WayTo(HopRow hop)
    {
        for (HopRow? at = hop; at is not null; at = HangsOnRoot(at) ? null : _hops.GetValueOrDefault(at.Parent))
        {
            yield return at.Id;
        }
    }

    private bool HangsOnRoot(HopRow hop)
    {
        // A circle of parents would never end: whoever is in one is a root.
        var seen = new HashSet<string> { hop.Id };
        for (var at = hop; at.Parent.Length > 0 && _hops.TryGetValue(at.Parent, out var parent); at = parent)
        {
            if (!seen.Add(parent.Id))
            {
                return true;
            }
        }

        return hop.Parent.Length == 0 || !_hops.ContainsKey(hop.Parent);
    }
}
