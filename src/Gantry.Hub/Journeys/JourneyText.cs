using System.Globalization;
using Gantry.Hub.Coverage.Steps;

namespace Gantry.Hub.Journeys;

/// <summary>A journey in sentences, the same on its page and in the CLI.</summary>
public static class JourneyText
{
    /// <summary>What is to be said first.</summary>
    public static string Verdict(JourneyRow row) => row.State switch
    {
        "whole" => $"Every request looked at has one trace from {row.Entry.Name} to its leaves.",
        "broken" when row.Breaks.Count > 0 => $"{(row.Complete is { } share ? $"{StepWords.Percent(share.Share)} of requests have a whole trace. " : "")}It breaks at {(row.Breaks.Count == 1 ? "one link" : $"{row.Breaks.Count} links; the worst")}: {row.Breaks[0].Title.TrimEnd('.')}.",
        "broken" => "A link on its way loses traces.",
        "dark" => row.Entry.ServiceId is null
            ? $"Its entry was never seen: no service is called {row.Entry.Name}."
            : $"Its entry was never seen: {row.Entry.Name} is known, and no inbound request {(row.Operation.Length > 0 ? $"\"{row.Operation}\" " : "")}of it has been counted.",
        "mending" => $"No link is broken any more{(row.Complete is { } before ? $"; the {StepWords.Percent(before.Share)} still hold requests of before" : "")}.",
        "stale" => "No request of it was seen within five minutes, so nothing below is believed to hold now.",
        _ => "Too few of its traces were looked at to tell.",
    };

    /// <summary>Why nothing newer is known than what is shown; "" while traces are judged.</summary>
    public static string Unjudged(JourneyRow row) => row.UnjudgedSince is not { } since ? ""
        : $"A gateway has been silent since {since.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC. What it took is not known here, so no trace is judged until it reports again, or is taken for gone after five minutes.";

    /// <summary>"87 % (81–92 %), 412 looked at of 18,204".</summary>
    public static string Complete(ShareEstimate? estimate) => estimate is null ? "not looked at yet" : $"{Interval(estimate)}, {Count(estimate.Chosen)} looked at of {Count((long)estimate.Of)}";

    /// <summary>"87 % (81–92 %)"; "87 %" where all was looked at.</summary>
    public static string Interval(ShareEstimate estimate) =>
        estimate.Low == estimate.High ? StepWords.Percent(estimate.Share) : $"{StepWords.Percent(estimate.Share)} ({StepWords.Percent(estimate.Low).Replace(" %", "", StringComparison.Ordinal)}–{StepWords.Percent(estimate.High)})";

    /// <summary>Of a hop: what stands there, in a word or two.</summary>
    public static string State(HopRow hop) => hop.State switch
    {
        "dark" => "sends nothing",
        "unseen" => "never met",
        "stale" => "went silent",
        "outside" => hop.End.Type switch { "database" => "database", "queue" => "queue", _ => "outside" },
        _ => "live",
    };

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
