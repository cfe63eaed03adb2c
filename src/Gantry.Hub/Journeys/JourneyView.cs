using Gantry.Estate.Journeys;
using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Journeys.Completeness;
using Gantry.Hub.Journeys.Hops;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Objectives;
using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;

namespace Gantry.Hub.Journeys;

/// <summary>Puts the journeys of a snapshot together, from what is declared, the ways that chosen traces took, and the links that lose them.</summary>
internal sealed class JourneyView(
    ObservationStore observations, DeclaredJourneys declared, WayBook ways, CompleteBook complete, BreakFinder finder, AnsweringPeers peers, ObjectiveView objectives, DeclaredNames names) : IJourneySource
{
    public JourneySet Of(EstateSnapshot snapshot)
    {
        var breaks = finder.Find(snapshot);
        var services = new ServicesById(snapshot);
        var all = declared.All;
        var called = peers.In(snapshot);
        ILookup<string, ServiceState> entries;
        lock (observations.Gate)
        {
            entries = observations.Services_NeedsLock.SelectMany(service => names.Of(service.Key), (service, name) => (service, name)).ToLookup(item => item.name, item => item.service, StringComparer.Ordinal);
        }

        HopDraft?[] roots;
        lock (ways.Gate)
        {
            var trees = ways.All_NeedsLock.Where(tree => services.Find(tree.Service.Id) is not null).ToLookup(tree => services.Find(tree.Service.Id)!.Id);
            var byName = ways.All_NeedsLock.SelectMany(tree => names.Of(tree.Service.Key), (tree, name) => (tree, name)).ToLookup(item => item.name, item => item.tree, StringComparer.Ordinal);
            roots = [.. all.Select(journey => Way_NeedsLock(journey.Entry, byName[journey.Entry.Service], new HopBuilder(trees, services, called, breaks)))];
        }

        DateTimeOffset? unjudged;
        lock (observations.Gate)
        {
            unjudged = observations.Traces_NeedsLock.Silent(snapshot.At) is { Count: > 0 } silent ? silent.Min(item => item.Since) : null;
        }

        List<JourneyRow> rows = [.. all.Zip(roots, (journey, root) => Row(journey, root, snapshot, services, breaks, [.. entries[journey.Entry.Service].Where(service => names.IsEntry(journey.Entry, service.Key))], unjudged))];
        return new JourneySet([.. rows.OrderBy(row => Array.IndexOf(States, row.State)).ThenBy(row => row.Name, StringComparer.Ordinal)], breaks.Rows);
    }

    // What needs somebody goes first.
    private static readonly string[] States = ["broken", "dark", "stale", "unknown", "mending", "whole"];

    private HopDraft? Way_NeedsLock(JourneyEntry entry, IEnumerable<WayTree> called, HopBuilder builder)
    {
        var root = builder.Build_NeedsLock([.. called.Where(tree => names.IsEntry(entry, tree.Service.Key) && entry.Begins(tree.Operation))], entry.Operation);
        if (root is not null)
        {
            builder.AddReaders_NeedsLock(root);
        }

        return root;
    }

    /// <param name="entrances">What telemetry has of the service that the journey enters by.</param>
    private JourneyRow Row(Journey journey, HopDraft? root, EstateSnapshot snapshot, ServicesById services, FoundBreaks breaks, List<ServiceState> entrances, DateTimeOffset? unjudged)
    {
        var entry = journey.Entry;
        var row = services.Called(entry.Service, entry).FirstOrDefault();
        root ??= new HopDraft(null, row is null ? new HopEnd($"service:{entry.Service}", entry.Service, "service", null) : new HopEnd(row.Id, row.Name, "service", row.Id), entry.Operation) { Row = row, Share = 0 };
        var unseen = DeclaredHops.Add(root, journey, services, snapshot.At);
        List<HopRow> hops;
        RedNow? red;
        ShareEstimate? share;
        DateTimeOffset? last;
        lock (observations.Gate)
        {
            hops = [.. root.All.Select(hop => HopFigures.Row_NeedsLock(hop, snapshot.At))];
            red = HopFigures.Red_NeedsLock(root, entry.Operation, snapshot.At);
            share = Estimate_NeedsLock(journey, entrances, snapshot.At);
            last = HopFigures.LastRequest_NeedsLock(entrances, entry);
        }

        var ids = hops.Select(hop => hop.Break).ToHashSet();
        List<BreakRow> own = [.. breaks.Of(ids), .. unseen];
        last = root.LastSeen > last || last is null ? root.LastSeen : last;
        var state = StateOf(last, own, share, snapshot.At);
        return new JourneyRow(
            journey.Name,
            journey.Title,
            journey.Owner,
            state,
            root.End,
            entry.Operation,
            share,
            hops,
            own,
            red,
            hops.Where(hop => hop is { End.Type: "service", State: not "outside", IsUnused: false }).Select(hop => hop.Rung).DefaultIfEmpty(0).Min(),
            Next: null,
            last)
        {
            Description = journey.Description,
            UnjudgedSince = unjudged,
            IsDeclared = journey.Hops.Count > 0,
            Objectives = objectives.Of(journey, snapshot.At),
        };
    }

    // One whole trace is no proof.
    private const int LeastChosen = 3;

    // Requests that are counted and whose traces nobody sees say nothing of them. A gateway that was killed makes a hole of five minutes, and a trace is looked at up to a minute later.
    private static readonly TimeSpan Looked = GatewayCover.Gone + ChosenTraces.Life;

    /// <param name="last">The newest request that was counted, whether its trace was looked at or not.</param>
    private static string StateOf(DateTimeOffset? last, List<BreakRow> breaks, ShareEstimate? share, DateTimeOffset now) => last switch
    {
        null => "dark",
        { } at when now - at > Ladder.FreshFor => "stale",
        _ when breaks.Count > 0 => "broken",
        _ when share is null or { Share: >= 1, Chosen: < LeastChosen } || now - share.At > Looked => "unknown",
        _ when share is { Share: >= 1 } => "whole",
        // What broke is mended; the share still holds requests of before.
        _ => "mending",
    };

    /// <summary>Of the last five minutes where they hold enough to say something, else of the hour.</summary>
    private ShareEstimate? Estimate_NeedsLock(Journey journey, List<ServiceState> entrances, DateTimeOffset now)
    {
        const int Enough = 100;
        lock (complete.Gate)
        {
            if (complete.Of_NeedsLock(journey) is not { } state)
            {
                return null;
            }

            var (since, (good, bad)) = (now - Ladder.FreshFor, state.Window.Since(now - Ladder.FreshFor));
            if (good + bad < Enough)
            {
                (since, (good, bad)) = (now - RedWindow.Kept, state.Window.Since(now - RedWindow.Kept));
            }

            if (good + bad <= 0)
            {
                return null;
            }

            var all = Math.Max((ulong)(good + bad), HopFigures.Requests_NeedsLock(entrances, names, journey.Entry, since));
            var (low, high) = Wilson.Interval(good, good + bad, all);
            return new ShareEstimate((double)good / (good + bad), low, high, good + bad, all, state.First > since ? state.First : since, state.Newest);
        }
    }
}
