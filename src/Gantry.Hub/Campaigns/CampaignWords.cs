using System.Globalization;
using Gantry.Estate.Ladder;

namespace Gantry.Hub.Campaigns;

/// <summary>A campaign's standing in sentences.</summary>
internal static class CampaignWords
{
    public static string Verdict(CampaignRow row, bool journeyIsKnown, DateTimeOffset now)
    {
        var target = $"{(Rung)row.Target}";
        var far = row.Services == 0
            ? journeyIsKnown ? "No service of it is known yet" : $"There is no journey {row.Journey}"
            : $"{row.Reached} of {row.Services} {(row.Services == 1 ? "service is" : "services are")} on {target}";
        var open = row.Checks.Count(check => !check.Holds && check.Id != "rung");
        var rest = open > 0 ? $", and {open} other {(open == 1 ? "check does" : "checks do")} not hold" : "";
        var days = row.By is { } by ? by.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber : 0;
        var fell = row.RegressedAt is { } at ? $" It was done until {Day(at)}, then fell back: {row.Regressed}." : "";
        return row.State switch
        {
            "draft" => $"A draft: it has no date yet. {far}{rest}.{fell}",
            "scheduled" => $"It begins on {row.Start:yyyy-MM-dd}. {far}{rest}.{fell}",
            "done" => $"Done since {Day(row.DoneSince ?? now)}: {string.Join("; ", row.Checks.Select(check => $"{Lower(check.Wanted)} ({check.Found})"))}.",
            "late" => $"Late by {Days(-days)}: {Lower(far)}{rest}.{fell}",
            "ended" => $"It was ended. {far}{rest}.",
            _ => $"{far}{rest}, with {(days == 0 ? "today as the last day" : $"{Days(days)} left")}.{fell}",
        };
    }

    public static string Percent(double share) => $"{(share * 100).ToString("0.#", CultureInfo.InvariantCulture)} %";

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Days(int days) => days == 1 ? "1 day" : $"{days} days";

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
