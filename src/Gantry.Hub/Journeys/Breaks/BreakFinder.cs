using System.Globalization;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys.Completeness;
using Gantry.Hub.Journeys.Links;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Journeys.Breaks;

/// <summary>Finds every link of the estate that loses traces, one break for each two ends, and says why.</summary>
internal sealed class BreakFinder(ObservationStore observations, LinkBook links, WayBook ways, AnsweringPeers peers)
{
    public FoundBreaks Find(EstateSnapshot snapshot)
    {
        var now = snapshot.At;
        var services = new ServicesById(snapshot);
        var lost = LinksOfLosers(now);
        if (lost.Count == 0 && !AnyOrphans(now))
        {
            return FoundBreaks.None;
        }

        var behind = Behind();
        var called = peers.In(snapshot);
        var calls = new Dictionary<(string, string), ulong>(snapshot.Edges.Count);
        foreach (var edge in snapshot.Edges)
        {
            calls.TryAdd((edge.Caller.Id, edge.Callee.Id), edge.Calls);
        }

        var rows = new List<BreakRow>();
        var byLink = new Dictionary<(string Caller, PeerKey Peer), string>();
        foreach (var group in lost.Select(link => (Link: link, Target: TargetOf(link, services, called))).Where(item => item.Target is not null)
            .GroupBy(item => (Caller: services.Find(item.Link.Key.Caller.Id)?.Id ?? "", item.Target!.Id)))
        {
            if (services.Find(group.Key.Caller) is not { } caller || group.FirstOrDefault(item => item.Link.IsLosing).Target is not { } target)
            {
                continue;
            }

            var found = Gather(caller, [.. group.Select(item => item.Link)], target, calls, behind, now);
            var row = Row(found, target, now);
            rows.Add(row);
            foreach (var (link, _) in group.Where(item => item.Link.IsLosing))
            {
                byLink[(link.Key.Caller.Id, link.Key.Peer)] = row.Id;
            }
        }

        rows.AddRange(Orphans(services, behind, now));
        return new FoundBreaks([.. rows.OrderByDescending(row => row.Requests).ThenBy(row => row.Id, StringComparer.Ordinal)], byLink);
    }

    /// <summary>All links of who has one that loses: of two names for one callee, the other may lose nothing.</summary>
    private List<LinkCopy> LinksOfLosers(DateTimeOffset now)
    {
        lock (links.Gate)
        {
            var heard = links.Links_NeedsLock.Where(item => item.Value.IsLosing(now)).Select(item => item.Key.Caller).Distinct().ToDictionary(caller => caller, _ => new HashSet<ServiceState>());
            if (heard.Count == 0)
            {
                return [];
            }

            List<(LinkKey Key, LinkState State)> own = [.. links.Links_NeedsLock.Where(item => heard.ContainsKey(item.Key.Caller)).Select(item => (item.Key, item.Value))];
            foreach (var (key, link) in own)
            {
                foreach (var (by, at) in link.AnsweredBy)
                {
                    if (now - at < OutcomeWindow.Kept && by != key.Caller)
                    {
                        heard[key.Caller].Add(by);
                    }
                }
            }

            return [.. own.Select(item =>
            {
                var (key, link) = item;
                var (good, bad) = link.Window.Since(now - OutcomeWindow.Kept);
                return new LinkCopy(
                    key, link.IsLosing(now), [.. link.AnsweredBy.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)], heard[key.Caller], good, bad, link.FirstLost, link.LastLost, link.FirstAnswered);
            })];
        }
    }

    /// <summary>Whose trace is lost: a service, or a queue with who reads it and begins anew. Null for what cannot answer, and for messages that may still lie in their queue.</summary>
    private static Target? TargetOf(LinkCopy link, ServicesById services, PeersNow called)
    {
        if (link.Key.Peer.Type == PeerType.Database)
        {
            return null;
        }

        var node = called.NodeOf(link.Key.Caller.Id, link.Key.Peer);
        if (node?.Type == "queue")
        {
            return called.LosingReaderOf(node) is { } reader && services.Find(reader) is { } found ? new Target(node.Id, found, node) : null;
        }

        if (node is { Type: "service", ServiceId: { } id })
        {
            if (services.Find(id) is { } row)
            {
                return new Target(row.Id, row, null);
            }

            if (called.LastKnown(link.Key.Caller.Id, link.Key.Peer) is { } known)
            {
                return new Target(known.Row.Id, known.Row, null) { KnownAt = known.At };
            }
        }

        return link.AnsweredBy.Count switch
        {
            0 => null,
            1 when services.Find(link.AnsweredBy[0].Id) is { } only => new Target(only.Id, only, null),
            _ => new Target(node?.Id ?? $"{link.Key.Peer}", null, null),
        };
    }

    private LostLink Gather(
        ServiceRow caller, List<LinkCopy> group, Target target, Dictionary<(string, string), ulong> calls, ILookup<(ServiceState, PeerKey), string> behind, DateTimeOffset now)
    {
        var facts = ServiceFacts.None;
        lock (observations.Gate)
        {
            if (target.Service is { } row && observations.FindService_NeedsLock(row.SeriesId) is { } state)
            {
                facts = ServiceFacts.Of_NeedsLock(state, now);
            }
        }

        // Calls are counted for both ends, over every name that the caller has for the other: so are those that were looked at.
        var losing = group.Where(link => link.IsLosing).ToList();
        return new LostLink(
            caller,
            target.Service,
            target.Queue,
            [.. losing.Select(link => link.Key.Peer)],
            group.Sum(link => link.Answered),
            group.Sum(link => link.Lost),
            facts,
            group.Exists(link => link.Heard.Any(other => other.Id != target.Service?.Id)),
            calls.GetValueOrDefault((caller.Id, target.Queue?.Id ?? target.Id)),
            losing.Min(link => link.FirstLost),
            losing.Max(link => link.LastLost))
        {
            FirstAnswered = group.Min(link => link.FirstAnswered),
            KnownAt = target.KnownAt,
            Behind = [.. losing.SelectMany(link => behind[(link.Key.Caller, link.Key.Peer)]).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    private static BreakRow Row(LostLink link, Target target, DateTimeOffset now)
    {
        var cause = BreakRules.CauseOf(link, now);
        var chosen = link.Answered + link.Lost;
        var (low, high) = chosen == 0 ? (0, 1) : Wilson.Interval(link.Lost, chosen, link.Calls);
        var to = link.Callee is { } callee ? End(callee) : new HopEnd(target.Id, link.Queue?.Name ?? link.Called[0].Address, link.Queue is null ? "address" : "queue", null);
        return new BreakRow(
            RowId.Of($"{link.Caller.Name}-{to.Name}", link.Caller.Id, target.Id),
            cause.Code,
            End(link.Caller),
            to,
            link.Queue is { } queue ? NameOf(queue) : "",
            cause.Title,
            cause.Cause,
            $"{link.Lost.ToString("N0", CultureInfo.InvariantCulture)} of {chosen.ToString("N0", CultureInfo.InvariantCulture)} calls that were looked at within the hour were continued by nobody. {cause.Evidence}".TrimEnd(),
            cause.Fix,
            cause.Method,
            cause.Command,
            (ulong)Math.Round(Math.Max(link.Calls, (ulong)chosen) * link.Share),
            chosen == 0 ? null : new ShareEstimate(link.Share, low, high, chosen, Math.Max((ulong)chosen, link.Calls), link.FirstLost, link.LastLost),
            link.Behind,
            link.FirstLost,
            link.LastLost);
    }

    /// <summary>Without the system: "orders" of "rabbitmq orders".</summary>
    private static string NameOf(EdgeNode queue) => queue.System.Length > 0 && queue.Name.StartsWith(queue.System + " ", StringComparison.Ordinal) ? queue.Name[(queue.System.Length + 1)..] : queue.Name;

    private bool AnyOrphans(DateTimeOffset now)
    {
        lock (links.Gate)
        {
            return links.Arrivals_NeedsLock.Values.Any(arrival => arrival.IsLosing(now));
        }
    }

    /// <summary>Parents that never come, where nothing dark explains them.</summary>
    private List<BreakRow> Orphans(ServicesById services, ILookup<(ServiceState, PeerKey), string> behind, DateTimeOffset now)
    {
        var explained = behind.SelectMany(names => names).ToHashSet(StringComparer.Ordinal);
        List<(ServiceState Service, long Good, long Bad, DateTimeOffset First, DateTimeOffset Last)> found;
        lock (links.Gate)
        {
            found = [.. links.Arrivals_NeedsLock.Where(item => item.Value.IsLosing(now)).Select(item =>
            {
                var (good, bad) = item.Value.Window.Since(now - OutcomeWindow.Kept);
                return (item.Key.Service, good, bad, item.Value.FirstLost, item.Value.LastLost);
            })];
        }

        return [.. found
            .Where(item => !explained.Contains(item.Service.Key.Name))
            .Select(item => (Row: services.Find(item.Service.Id), Item: item))
            .Where(item => item.Row is not null)
            .GroupBy(item => item.Row!.Id)
            .Select(group => OrphanRow(group.First().Row!, [.. group.Select(item => item.Item)]))];
    }

    private static BreakRow OrphanRow(ServiceRow row, List<(ServiceState Service, long Good, long Bad, DateTimeOffset First, DateTimeOffset Last)> found)
    {
        var (good, bad) = (found.Sum(item => item.Good), found.Sum(item => item.Bad));
        var (low, high) = Wilson.Interval(bad, Math.Max(1, good + bad), double.MaxValue);
        return new BreakRow(
            RowId.Of($"unknown-{row.Name}", "unknown", row.Id),
            BreakCodes.SpansMissing,
            new HopEnd("unknown", "(unknown caller)", "address", null),
            End(row),
            "",
            $"The caller of {row.Name} is not seen",
            $"{row.Name} is sent a context whose span never comes: its caller is sampled at its source, exports nowhere or elsewhere, or loses spans.",
            $"{bad.ToString("N0", CultureInfo.InvariantCulture)} of {(good + bad).ToString("N0", CultureInfo.InvariantCulture)} requests that were looked at had a parent that never came.",
            $"Find who calls {row.Name} (its access log, or the network view of its host), and let it send its spans to this gateway.",
            "",
            "gantry-agent network",
            (ulong)bad,
            new ShareEstimate((double)bad / Math.Max(1, good + bad), low, high, good + bad, (ulong)(good + bad), found.Min(item => item.First), found.Max(item => item.Last)),
            [],
            found.Min(item => item.First),
            found.Max(item => item.Last));
    }

    /// <summary>Who was found behind a call that nobody answered.</summary>
    private ILookup<(ServiceState, PeerKey), string> Behind()
    {
        var found = new HashSet<((ServiceState, PeerKey) Key, string Name)>();
        lock (ways.Gate)
        {
            foreach (var tree in ways.All_NeedsLock)
            {
                AddBehind(tree.Root, found);
            }
        }

        return found.ToLookup(item => item.Key, item => item.Name);
    }

    private static void AddBehind(WayNode node, HashSet<((ServiceState, PeerKey) Key, string Name)> found)
    {
        var via = node.Station.Type == StationType.Peer ? node.Via : null;
        foreach (var child in node.Children.Values)
        {
            if (via is { } key && child.Station.Service is { } service)
            {
                found.Add((key, service.Key.Name));
            }

            AddBehind(child, found);
        }
    }

    private static HopEnd End(ServiceRow row) => new(row.Id, row.Name, "service", row.Id);

    private sealed record Target(string Id, ServiceRow? Service, EdgeNode? Queue)
    {
        /// <summary>When it was last known to stand there; null: it is.</summary>
        public DateTimeOffset? KnownAt { get; init; }
    }

    private sealed record LinkCopy(
        LinkKey Key, bool IsLosing, IReadOnlyList<ServiceState> AnsweredBy, IReadOnlySet<ServiceState> Heard, long Answered, long Lost, DateTimeOffset FirstLost, DateTimeOffset LastLost, DateTimeOffset? FirstAnswered);
}

/// <param name="ByLink">Ids of breaks, by the service that calls and the words of its spans.</param>
internal sealed record FoundBreaks(IReadOnlyList<BreakRow> Rows, IReadOnlyDictionary<(string Caller, PeerKey Peer), string> ByLink)
{
    public static readonly FoundBreaks None = new([], new Dictionary<(string, PeerKey), string>());

    private readonly Dictionary<string, int> _places = PlacesOf(Rows);

    public BreakRow? Find(string id) => _places.TryGetValue(id, out var place) ? Rows[place] : null;

    /// <summary>In the order of <see cref="Rows"/>; ids that are none of theirs are left out.</summary>
    public IEnumerable<BreakRow> Of(IEnumerable<string> ids) => ids.Select(id => _places.GetValueOrDefault(id, -1)).Where(place => place >= 0).Distinct().Order().Select(place => Rows[place]);

    private static Dictionary<string, int> PlacesOf(IReadOnlyList<BreakRow> rows)
    {
        var places = new Dictionary<string, int>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            places.TryAdd(rows[i].Id, i);
        }

        return places;
    }
}
