using System.Globalization;
using Gantry.Estate.Journeys;
using Gantry.Estate.Ladder;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Campaigns;

/// <summary>
/// Reads the spec of a <c>Campaign</c>:
/// <code>
/// title: Purchase without a gap
/// owner: team-platform
/// brief: Every request of a purchase in one trace before Christmas.
/// journey: purchase              # or services: {owner: team-checkout, namespace: shop, environment: prod}
/// target: transactions           # or baseline, custom
/// start: 2026-11-01              # optional
/// by: 2026-12-18                 # without it the campaign is a draft
/// checks: {noBreaks: true, complete: 95%, score: 75}   # besides the rung; each optional
/// ended: false
/// </code>
/// </summary>
public static class CampaignReader
{
    private const int LongestBrief = 4096;

    public static ResourceKind Kind { get; } = new("Campaign", "campaigns", Read, model => Summary((Campaign)model)) { Most = 100, Doc = "campaigns" };

    private static Campaign? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var title = JourneyReader.Name(spec, "title");
        var owner = JourneyReader.Name(spec, "owner");
        var brief = JourneyReader.Text(spec, "brief", LongestBrief, "of text", c => char.IsControl(c) && c is not ('\n' or '\t'));
        var journey = JourneyReader.Name(spec, "journey");
        var services = spec.FindMapping("services") is { } fields ? Services(fields) : null;
        if ((spec.Find("journey") is null) == (spec.Find("services") is null))
        {
            spec.Problem("journey", spec.Find("journey") is null ? "is missing, and so is services; write journey: purchase, or services: {owner: team-checkout}" : "says which services, and so does services; write one of them");
        }

        if (spec.Find("target") is null)
        {
            spec.Problem("target", "is missing; write target: transactions");
        }

        var target = spec.FindWord("target", ("baseline", Rung.Baseline), ("transactions", Rung.Transactions), ("custom", Rung.Custom)) ?? Rung.Baseline;
        var (start, by) = (Day(spec, "start"), Day(spec, "by"));
        if (start > by)
        {
            spec.Problem("by", $"lies before start ({start:yyyy-MM-dd})");
        }

        var checks = spec.FindMapping("checks") is { } checking ? Checks(checking) : new CampaignChecks(false, null, null);
        if (checks.Complete is not null && journey.Length == 0)
        {
            spec.Problem("checks", "complete is a share of a journey's requests; write journey, or leave complete out");
        }

        var ended = spec.FindWord("ended", ("true", true), ("false", false)) ?? false;
        spec.Done(("milestones", "write a campaign for each"));
        return problems.All.Count == before
            ? new Campaign(name, title.Length > 0 ? title : name, owner, brief, journey, services, target, start, by, checks) { IsEnded = ended }
            : null;
    }

    private static CampaignServices Services(FieldReader fields)
    {
        var services = new CampaignServices(JourneyReader.Name(fields, "owner"), JourneyReader.Name(fields, "namespace"), JourneyReader.Name(fields, "environment"));
        fields.Done();
        if (services == new CampaignServices("", "", ""))
        {
            fields.Problem("owner", "is missing, and so are namespace and environment; write at least one");
        }

        return services;
    }

    private static CampaignChecks Checks(FieldReader fields)
    {
        double? complete = null;
        if (fields.Find("complete") is { } node)
        {
            complete = node is ScalarNode scalar ? JourneyWords.ParseShare(scalar.Text) : null;
            if (complete is null or 0)
            {
                fields.Problem("complete", "expected a share above 0 and up to 1, such as 95% or 0.95");
            }
        }

        var checks = new CampaignChecks(fields.FindWord("noBreaks", ("true", true), ("false", false)) ?? false, complete, fields.FindInteger("score", 1, 100));
        fields.Done(("rung", "leave it out: the rung is always checked"));
        return checks;
    }

    private static DateOnly? Day(FieldReader fields, string name)
    {
        if (fields.Find(name) is not { } node)
        {
            return null;
        }

        if (node is ScalarNode scalar && DateOnly.TryParseExact(scalar.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 2200)
        {
            return day;
        }

        fields.Problem(name, "expected a day, such as 2026-12-18");
        return null;
    }

    private static string Summary(Campaign campaign) =>
        $"{(campaign.Journey.Length > 0 ? $"journey {campaign.Journey}" : "services")} to {campaign.Target.ToString().ToLowerInvariant()}{(campaign.By is { } by ? $" by {by:yyyy-MM-dd}" : ", draft")}{(campaign.IsEnded ? ", ended" : "")}";
}
