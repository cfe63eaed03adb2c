using Gantry.Estate.Resources;
using Gantry.Estate.Sampling;

namespace Gantry.Estate.Journeys;

/// <summary>Reads one of a journey's objectives: <c>{name: fast, indicator: duration, threshold: 500ms, target: 95%, window: 28d, service: catalog}</c>.</summary>
internal static class ObjectiveReader
{
    private const string Targets = "expected a share above 0 and below 1, such as 99.5% or 0.995";

    public static Objective? Read(FieldReader fields, JourneyEntry entry, IReadOnlyList<Objective> earlier, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var name = fields.Text("name", "available")?.Text ?? "";
        if (name.Length > 0 && !ResourceDocument.NamePattern().IsMatch(name))
        {
            fields.Problem("name", "expected up to 63 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit");
        }
        else if (earlier.Any(objective => objective.Name == name))
        {
            fields.Problem("name", "is the name of an earlier objective too; rename one of the two");
        }

        if (fields.Find("indicator") is null)
        {
            fields.Problem("indicator", "is missing; write indicator: errors, or indicator: duration");
        }

        var indicator = fields.FindWord("indicator", ("errors", ObjectiveIndicator.Errors), ("duration", ObjectiveIndicator.Duration));
        var objective = new Objective(name, Service(fields, entry), indicator ?? default, Target(fields), Window(fields), Threshold(fields, indicator));
        fields.Done(
            ("budgetingMethod", "leave it out: requests are counted"),
            ("alerts", "leave it out: burn rates are worked out for every objective"));
        return problems.All.Count == before ? objective : null;
    }

    /// <summary>The entry's own name means the entry: its operation, not all that its service answers.</summary>
    private static string Service(FieldReader fields, JourneyEntry entry) =>
        JourneyReader.Name(fields, "service") is { Length: > 0 } service && service != entry.Service ? service : "";

    private static double Target(FieldReader fields)
    {
        if (fields.Find("target") is not { } node)
        {
            fields.Problem("target", "is missing; write target: 99.5%");
            return 0;
        }

        var target = node is ScalarNode scalar ? JourneyWords.ParseShare(scalar.Text) : null;
        if (target is not (> 0 and < 1))
        {
            fields.Problem("target", target == 1 ? $"leaves no room for any failure, which nobody can promise; {Targets}" : Targets);
        }

        return target ?? 0;
    }

    private static TimeSpan Window(FieldReader fields)
    {
        if (fields.Find("window") is not { } node)
        {
            fields.Problem("window", "is missing; write window: 28d");
            return default;
        }

        var window = node is ScalarNode scalar ? JourneyWords.ParseWindow(scalar.Text) : null;
        if (window is not { } span || span < JourneyWords.ShortestWindow || span > JourneyWords.LongestWindow)
        {
            fields.Problem("window", "expected a time from 1h to 90d in whole minutes, such as 28d, 4w or 12h");
        }

        return window ?? default;
    }

    private static TimeSpan Threshold(FieldReader fields, ObjectiveIndicator? indicator)
    {
        if (fields.Find("threshold") is not { } node)
        {
            if (indicator == ObjectiveIndicator.Duration)
            {
                fields.Problem("threshold", "is missing; write threshold: 500ms");
            }

            return TimeSpan.Zero;
        }

        var threshold = node is ScalarNode scalar ? SamplingWords.ParseDuration(scalar.Text) : null;
        if (indicator == ObjectiveIndicator.Errors)
        {
            fields.Problem("threshold", "says nothing about errors; leave it out, or write indicator: duration");
        }
        else if (threshold is not { } duration)
        {
            fields.Problem("threshold", "expected a duration with its unit, such as 500ms or 2.5s");
        }
        else if (JourneyWords.BucketOf(duration) is null)
        {
            fields.Problem("threshold", $"is no bound of the buckets in which durations are counted, so good requests would be a guess; the nearest {Nearest(duration)}");
        }

        return threshold ?? default;
    }

    private static string Nearest(TimeSpan duration)
    {
        var bounds = JourneyWords.NearestBounds(duration);
        return bounds.Count == 1 ? $"is {SamplingWords.Duration(bounds[0])}" : $"are {SamplingWords.Duration(bounds[0])} and {SamplingWords.Duration(bounds[1])}";
    }
}
