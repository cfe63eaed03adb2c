using Gantry.Estate.Campaigns;
using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Campaigns;

/// <summary>What is remembered of a campaign: no evidence of now can tell it.</summary>
internal sealed record CampaignPast(DateTimeOffset? DoneSince, DateTimeOffset? RegressedAt, string Regressed)
{
    public static CampaignPast None { get; } = new(null, null, "");
}

/// <summary>Works a campaign's standing out from one snapshot; nothing here is remembered or guessed.</summary>
internal sealed class CampaignJudge(EstateSnapshot snapshot, JourneyQueries? journeys)
{
    private readonly Lazy<Dictionary<string, ServiceRow>> _services = new(() => snapshot.Services.GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.First()));

    // Who is held back by a break has no step of its own: what closes the break is its next one.
    private readonly Lazy<Dictionary<string, Step>> _closing = new(() => Closing(snapshot, journeys));

    public CampaignRow Judge(Campaign campaign, CampaignPast past, DateTimeOffset now)
    {
        var journey = campaign.Journey.Length > 0 ? journeys?.Find(campaign.Journey) : null;
        var members = Members(campaign, journey);
        var reached = members.Count(member => member.Rung >= (int)campaign.Target);
        var checks = Checks(campaign, journey, members, reached).ToList();
        var holds = checks.TrueForAll(check => check.Holds);
        var state = State(campaign, holds, now);
        var teams = members.Where(member => member.Rung < (int)campaign.Target)
            .GroupBy(member => member.Owner)
            .Select(team => new CampaignTeam(team.Key, [.. team.Select(member => member.Laggard).OrderBy(row => row.Rung).ThenBy(row => row.Name, StringComparer.Ordinal)]))
            .OrderByDescending(team => team.Services.Count).ThenBy(team => team.Team, StringComparer.Ordinal).ToList();
        // Before the next round has remembered it, it is done since now.
        var since = holds ? past.DoneSince ?? now : (DateTimeOffset?)null;
        var row = new CampaignRow(
            campaign.Name, campaign.Title, campaign.Owner, campaign.Brief, campaign.Journey, (int)campaign.Target, state, campaign.Start, campaign.By, "", reached, members.Count, checks, teams, since,
            holds ? "" : past.Regressed, holds ? null : past.RegressedAt);
        return row with { Verdict = CampaignWords.Verdict(row, journeyIsKnown: campaign.Journey.Length == 0 || journey is not null, now) };
    }

    /// <summary>A date is the last day that counts, in UTC.</summary>
    private static string State(Campaign campaign, bool holds, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return campaign.IsEnded ? "ended"
            : campaign.By is not { } by ? "draft"
            : campaign.Start > today ? "scheduled"
            : holds ? "done"
            : today > by ? "late"
            : "in progress";
    }

    private List<Member> Members(Campaign campaign, JourneyRow? journey)
    {
        if (campaign.Services is { } selector)
        {
            return [.. snapshot.Services.Where(row => selector.IsOf(row.Owner, row.Namespace, row.Environment)).Select(row => Member.Of(row, NextOf(row)))];
        }

        var members = new Dictionary<string, Member>();
        foreach (var hop in journey?.Hops.Where(hop => hop is { End.Type: "service", IsUnused: false }) ?? [])
        {
            // A hop that was declared and never met counts, unless it is optional: without it the journey is not whole.
            members.TryAdd(hop.End.ServiceId ?? hop.End.Name, hop.End.ServiceId is { } id && _services.Value.TryGetValue(id, out var row)
                ? Member.Of(row, NextOf(row))
                : new Member("", 0, hop.LastSeen, null, new Laggard("", hop.End.Name, 0, "unseen", null)));
        }

        return [.. members.Values];
    }

    private Step? NextOf(ServiceRow row) => row.Next ?? _closing.Value.GetValueOrDefault(row.Id);

    /// <returns>By the id of the service behind a break, the first step that closes it.</returns>
    private static Dictionary<string, Step> Closing(EstateSnapshot snapshot, JourneyQueries? journeys)
    {
        var breaks = (journeys?.Breaks ?? []).GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.First());
        var byName = snapshot.Services.ToLookup(row => row.Name, row => row.Id, StringComparer.Ordinal);
        var closing = new Dictionary<string, Step>();
        foreach (var step in snapshot.Steps.All)
        {
            foreach (var row in step.Gain.Closes.Select(id => breaks.GetValueOrDefault(id)).OfType<BreakRow>())
            {
                foreach (var id in row.Also.SelectMany(name => byName[name]).Append(row.To.ServiceId ?? ""))
                {
                    closing.TryAdd(id, step.ToStep());
                }
            }
        }

        return closing;
    }

    private IEnumerable<CampaignCheck> Checks(Campaign campaign, JourneyRow? journey, List<Member> members, int reached)
    {
        var oldest = members.Count > 0 ? members.Min(member => member.LastSeen) : null;
        var target = $"{campaign.Target}";
        yield return new CampaignCheck(
            "rung", members.Count > 0 && reached == members.Count, $"Every service on {target} or above",
            members.Count == 0 ? "no service of it is known" : $"{reached} of {members.Count} {(members.Count == 1 ? "service is" : "services are")}", oldest);
        if (campaign.Checks.NoBreaks)
        {
            var ids = members.Select(member => member.Laggard.Id).Where(id => id.Length > 0).ToHashSet();
            var breaks = journey?.Breaks ?? [.. (journeys?.Breaks ?? []).Where(row => ids.Contains(row.From.ServiceId ?? "") || ids.Contains(row.To.ServiceId ?? ""))];
            // No break that is known of is not the same as none: a journey that nobody takes has none either.
            var isSeen = campaign.Journey.Length > 0 ? journey is { Complete: not null } && IsLookedAt(journey) : journeys is not null && members.Count > 0;
            // Nor is it of who sends no traces at all: it has no link that could lose one.
            var silent = members.Count(member => member.Rung < (int)Rung.Transactions);
            yield return new CampaignCheck(
                "no-breaks", isSeen && silent == 0 && members.Count > 0 && breaks.Count == 0, "No link loses the trace",
                breaks.Count > 0 ? $"{breaks.Count} {(breaks.Count == 1 ? "link does" : "links do")}: {string.Join("; ", breaks.Take(3).Select(row => row.Title))}"
                    : isSeen && members.Count > 0 ? silent == 0 ? "none does" : $"{silent} of {members.Count} {(silent == 1 ? "has" : "have")} no traces that are joined yet" : $"too little was seen to tell{(journey is null ? "" : $": the journey is {journey.State}")}",
                campaign.Journey.Length > 0 ? journey?.LastSeen : oldest);
        }

        if (campaign.Checks.Complete is { } least)
        {
            var share = journey?.Complete;
            yield return new CampaignCheck(
                "complete", share is { Chosen: > 0 } && share.Low >= least && IsLookedAt(journey!), $"At least {CampaignWords.Percent(least)} of traces complete, for sure",
                share is not { Chosen: > 0 } ? "no trace was looked at yet"
                    : $"{CampaignWords.Percent(share.Share)} of {share.Chosen} that were looked at, so {CampaignWords.Percent(share.Low)} to {CampaignWords.Percent(share.High)} of all{(IsLookedAt(journey!) ? "" : $"; the journey is {journey!.State} now")}",
                share?.At);
        }

        if (campaign.Checks.Score is { } score)
        {
            var known = members.Where(member => member.Score is not null).ToList();
            var below = known.Where(member => member.Score!.Value < score).OrderBy(member => member.Score!.Value).ToList();
            yield return new CampaignCheck(
                "score", members.Count > 0 && known.Count == members.Count && below.Count == 0, $"Each service has an Instrumentation Score of {score} or more",
                known.Count == 0 ? "no service has a score yet"
                    : below.Count > 0 ? $"{below.Count} {(below.Count == 1 ? "is" : "are")} below: {string.Join(", ", below.Take(3).Select(member => $"{member.Laggard.Name} {member.Score!.Value:0}"))}"
                    : known.Count < members.Count ? $"{members.Count - known.Count} of {members.Count} {(members.Count - known.Count == 1 ? "has" : "have")} none yet: {string.Join(", ", members.Where(member => member.Score is null).Take(3).Select(member => member.Laggard.Name))}"
                    : $"the lowest is {known.Min(member => member.Score!.Value):0}",
                oldest);
        }
    }

    /// <summary>Requests come, and their traces are judged. Mending is that too: what was lost before is in the share, and lowers it.</summary>
    private static bool IsLookedAt(JourneyRow journey) => journey.State is "whole" or "broken" or "mending";

    private sealed record Member(string Owner, int Rung, DateTimeOffset? LastSeen, ScoreNow? Score, Laggard Laggard)
    {
        public static Member Of(ServiceRow row, Step? next) =>
            new(row.Owner, row.Rung, row.LastSeen, row.Score, new Laggard(row.Id, row.Name, row.Rung, row.Stale ? "stale" : row.Dark || row.Rung == 0 ? "dark" : "fresh", next));
    }
}
