using System.Runtime.InteropServices;

namespace Gantry.Hub.Fleet.Views;

/// <summary>One question to the fleet on its way over all agents of all doors: picks those that match, and counts by state.</summary>
internal sealed class FleetScan(AgentQuery query, DateTimeOffset now)
{
    private readonly string[] _words = query.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    private readonly string[] _states = query.State.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    private readonly string _sort = query.Sort.TrimStart('-');
    private readonly List<Found> _found = [];

    /// <summary>One moment for all rows.</summary>
    public DateTimeOffset Now => now;

    public int Known { get; private set; }

    public int Searched { get; private set; }

    public int Total => _found.Count;

    public Dictionary<string, int> Counts { get; } = [];

    public void Take(IFleetDoor door, IFleetMember member, in Standing standing)
    {
        Known++;
        foreach (var word in _words)
        {
            if (!Has(member, standing.State, word))
            {
                return;
            }
        }

        Searched++;
        if (Count(member, standing))
        {
            var (number, key) = Place(member, standing);
            _found.Add(new Found(number, key, member.OwnId, member.Uid, door, member));
        }
    }

    /// <summary>The rows of the page that was asked for, in its order.</summary>
    public IReadOnlyList<(IFleetDoor Door, IFleetMember Member)> Page()
    {
        var first = (int)Math.Min((query.Page - 1) * (long)query.Size, _found.Count);
        var count = Math.Min(query.Size, _found.Count - first);
        SortedWindow.Sort(CollectionsMarshal.AsSpan(_found), first, count, query.Sort.StartsWith('-') ? static (a, b) => Compare(b, a) : Compare);
        return [.. _found.GetRange(first, count).Select(item => (item.Door, item.Member))];
    }

    private static int Compare(Found a, Found b)
    {
        // Numbers first: most orders have few texts or none.
        var order = a.Number.CompareTo(b.Number);
        order = order != 0 ? order : string.CompareOrdinal(a.Key, b.Key);
        order = order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
        return order != 0 ? order : a.Uid.CompareTo(b.Uid);
    }

    /// <summary>Counts an agent under each state that it is in.</summary>
    /// <returns>Whether it is in one that was asked for.</returns>
    private bool Count(IFleetMember member, in Standing standing)
    {
        var fits = _states.Length == 0;
        fits |= Is(standing.State);
        fits |= Is(standing.IsConnected ? "connected" : "gone");
        fits |= member.IsHealthy == false && Is("unhealthy");
        fits |= standing.IsStale && Is("stale");
        fits |= standing.Fallback.Length > 0 && Is(Fallbacks.State);
        return fits;

        bool Is(string word)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(Counts, word, out _)++;
            return _states.Contains(word);
        }
    }

    private static bool Has(IFleetMember member, string state, string word)
    {
        if (word.IndexOf('=') is > 0 and var equals)
        {
            return member.Attribute(word[..equals]) == word[(equals + 1)..];
        }

        return Holds(member.HostName) || Holds(member.Name) || Holds(member.Version) || Holds(member.Cohort) || Holds(member.OwnId)
            || state.Equals(word, StringComparison.OrdinalIgnoreCase)
            || (word.Length >= 4 && member.Uid != Guid.Empty && Holds(member.Uid.ToString()));

        bool Holds(string text) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    private (long Number, string Key) Place(IFleetMember member, in Standing standing) => _sort switch
    {
        "kind" => (0, member.Name),
        "type" => ((long)member.Kind, ""),
        "version" => (0, member.Version),
        "state" => (0, standing.State),
        "since" => (standing.Since?.UtcTicks ?? 0, ""),
        "config" => (member.Revision, member.Cohort),
        "seen" => (member.LastSeen.UtcTicks, ""),
        "health" => (member.IsHealthy switch { false => 0, null => 1, _ => 2 }, ""),
        "id" => (0, ""),
        _ => (0, member.HostName),
    };

    private readonly record struct Found(long Number, string Key, string Id, Guid Uid, IFleetDoor Door, IFleetMember Member);
}
