using Gantry.Hub.Coverage;

namespace Gantry.Hub.Campaigns;

/// <summary>A declared campaign, with how far it is by evidence.</summary>
/// <param name="Journey">"" where it goes by services.</param>
/// <param name="Target">The rung, 2 to 4.</param>
/// <param name="State">"draft", "scheduled", "in progress", "done", "late" or "ended".</param>
/// <param name="By">The last day; null of a draft.</param>
/// <param name="Verdict">One sentence for people.</param>
/// <param name="Reached">Services that stand on the target or above it now, on fresh evidence.</param>
/// <param name="Services">All of them.</param>
/// <param name="Checks">What must hold for it to be done.</param>
/// <param name="Teams">Who has services that are not there yet, the one with most first.</param>
/// <param name="DoneSince">Since when all checks hold without a pause; null while one does not.</param>
/// <param name="Regressed">What fell back after it was done; "" when nothing did.</param>
/// <param name="RegressedAt">When it did.</param>
public sealed record CampaignRow(
    string Name, string Title, string Owner, string Brief, string Journey, int Target, string State, DateOnly? Start, DateOnly? By, string Verdict, int Reached, int Services,
    IReadOnlyList<CampaignCheck> Checks, IReadOnlyList<CampaignTeam> Teams, DateTimeOffset? DoneSince, string Regressed, DateTimeOffset? RegressedAt);

/// <summary>One thing that must hold.</summary>
/// <param name="Id">"rung", "no-breaks", "complete" or "score".</param>
/// <param name="Wanted">In words: "every service on Transactions".</param>
/// <param name="Found">What was found, with figures.</param>
/// <param name="At">How old that is: when the evidence was seen; null without any.</param>
public sealed record CampaignCheck(string Id, bool Holds, string Wanted, string Found, DateTimeOffset? At);

/// <param name="Team">Owner of the services; "" for those that nobody owns.</param>
public sealed record CampaignTeam(string Team, IReadOnlyList<Laggard> Services);

/// <summary>A service that is not there yet.</summary>
/// <param name="Id">Of its row in the list of services; "" for one that was never seen.</param>
/// <param name="State">"fresh", "stale", "dark" or "unseen".</param>
public sealed record Laggard(string Id, string Name, int Rung, string State, Step? Next);

/// <summary>How far a campaign was within an hour: its last measurement.</summary>
public sealed record CampaignPoint(DateTimeOffset At, int Reached, int Services);
