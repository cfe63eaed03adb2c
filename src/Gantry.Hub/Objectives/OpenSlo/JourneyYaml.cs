using System.Text;
using Gantry.Estate.Journeys;
using Gantry.Estate.Sampling;
using static Gantry.Hub.Objectives.OpenSlo.YamlText;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>A journey as the document that declares it.</summary>
internal static class JourneyYaml
{
    public static string Write(Journey journey)
    {
        var text = new StringBuilder($"apiVersion: gantry/v1\nkind: Journey\nmetadata: {{name: {Word(journey.Name)}}}\nspec:\n");
        Line(text, "title", journey.Title == journey.Name ? "" : journey.Title);
        Line(text, "owner", journey.Owner);
        Line(text, "description", journey.Description);
        text.Append(
            $"  entry: {{{Fields(("service", journey.Entry.Service), ("operation", journey.Entry.Operation), ("namespace", journey.Entry.Namespace), ("environment", journey.Entry.Environment))}}}\n");
        text.Append(journey.Hops.Count == 0 ? "  hops: learn\n" : "  hops:\n");
        foreach (var hop in journey.Hops)
        {
            text.Append($"  - {{{Fields(("service", hop.Service), ("from", hop.From), ("queue", hop.Queue))}{(hop.Optional ? ", optional: true" : "")}}}\n");
        }

        if (journey.Objectives.Count > 0)
        {
            text.Append("  objectives:\n");
        }

        foreach (var objective in journey.Objectives)
        {
            var indicator = objective.Indicator == ObjectiveIndicator.Errors ? "errors" : $"duration, threshold: {SamplingWords.Duration(objective.Threshold)}";
            text.Append(
                $"  - {{name: {Word(objective.Name)}, indicator: {indicator}, target: {JourneyWords.Share(objective.Target)}, window: {JourneyWords.Window(objective.Window)}{(objective.Service.Length > 0 ? $", service: {Quote(objective.Service)}" : "")}}}\n");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(value.Length > 0 ? $"  {name}: {Quote(value)}\n" : "");

    private static string Fields(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var parts = new List<string>();
        foreach (var (name, value) in fields)
        {
            if (value.Length > 0)
            {
                parts.Add($"{name}: {Quote(value)}");
            }
        }

        return string.Join(", ", parts);
    }
}
