using System.Globalization;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>What a step gains and costs, as pages and the CLI say it.</summary>
public static class StepWords
{
    /// <param name="journey">The journey that is looked at; null for the one of which it gains most.</param>
    public static string Gain(StepRow step, string? journey = null)
    {
        var parts = new List<string>(4);
        var place = journey is null ? step.Journeys.MaxBy(item => item.Share ?? 0) : step.Journeys.FirstOrDefault(item => item.Name == journey);
        if (place is not null)
        {
            parts.Add(place.Share is { } share and > 0 ? $"{Percent(share)} of {place.Name}" : $"on the way of {place.Name}");
        }

        if (step.Gain.Closes.Count > 0)
        {
            parts.Add($"closes {step.Gain.Closes.Count} {(step.Gain.Closes.Count == 1 ? "break" : "breaks")}");
        }

        if (step.Gain.RequestsPerHour is { } requests and >= 1)
        {
            parts.Add($"{requests.ToString("#,0", CultureInfo.InvariantCulture)} requests an hour");
        }

        if (step.Gain.Services > 1)
        {
            parts.Add($"{step.Gain.Services} services");
        }

        return parts.Count > 0 ? string.Join(", ", parts) : step.Subject == "estate" ? "" : $"rung {step.Rung}";
    }

    public static string Cost(StepRow step)
    {
        if (!step.IsTakeable)
        {
            return "no method is known";
        }

        var restart = step.Cost.Restart switch
        {
            "none" => "no restart",
            "process" => "a restart of the process",
            "pod" => "new pods",
            "task" => "a new revision of the task",
            "function" => "a new version of the function",
            "rebuild" => "a new build",
            _ => "not known: it depends on the program",
        };
        return restart + (step.Cost.Rebuild && step.Cost.Restart != "rebuild" ? ", a new image" : "") + (step.Cost.Privilege.Length > 0 ? $"; needs {step.Cost.Privilege}" : "");
    }

    public static string Percent(double share) => share switch
    {
        > 0 and < 0.001 => "<0.1 %",
        < 1 and > 0.999 => ">99.9 %",
        < 0.1 or (> 0.99 and < 1) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
        _ => Math.Round(share * 100).ToString("0", CultureInfo.InvariantCulture) + " %",
    };
}
