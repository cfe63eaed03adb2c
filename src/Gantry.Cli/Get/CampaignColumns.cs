using Gantry.Cli.Terminals;
using Gantry.Hub.Campaigns;

namespace Gantry.Cli.Get;

internal static class CampaignColumns
{
    public const string Empty = "No campaign is declared. `gantry apply -f FILE` declares one; docs/campaigns.md has an example.";

    public static IReadOnlyList<Column<CampaignRow>> All(DateTimeOffset now) =>
    [
        new("NAME", row => row.Name),
        new("STATE", row => row.State),
        new("TARGET", row => $"{(Gantry.Estate.Ladder.Rung)row.Target}".ToLowerInvariant()),
        new("REACHED", row => $"{row.Reached}/{row.Services}", Right: true),
        new("CHECKS", row => $"{row.Checks.Count(check => check.Holds)}/{row.Checks.Count}", Right: true),
        new("BY", row => row.By is { } by ? $"{by:yyyy-MM-dd}" : "-"),
        new("JOURNEY", row => row.Journey.Length > 0 ? row.Journey : "-"),
        new("OWNER", row => row.Owner.Length > 0 ? row.Owner : "-", Wide: true),
        new("DONE", row => Words.Age(row.DoneSince, now), Right: true, Wide: true),
        new("VERDICT", row => row.Verdict, Wide: true),
    ];
}
