using System.Globalization;
using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>What was promised, and how it stands.</summary>
public sealed partial class ObjectiveTable
{
    [Parameter, EditorRequired]
    public IReadOnlyList<ObjectiveRow> Rows { get; set; } = [];

    /// <summary>service.name of the journey's entry.</summary>
    [Parameter]
    public string Entry { get; set; } = "";

    private string About(ObjectiveRow row) =>
        $"{(row.Indicator == "duration" ? $"within {Figures.Seconds(row.ThresholdSeconds)}" : "without an error")}, at {(row.Service.Length > 0 ? row.Service : $"{Entry}, the entry")}";

    /// <summary>A promise of 99.9 % is not to be rounded to 100 %.</summary>
    private static string Exact(double? share) => share is { } value ? (value * 100).ToString("0.###", CultureInfo.InvariantCulture) + " %" : Figures.None;

    private static string Window(double seconds) => seconds switch
    {
        >= 172_800 => $"{Figures.Number(seconds / 86_400)} days",
        86_400 => "1 day",
        >= 3_600 => $"{Figures.Number(seconds / 3_600)} h",
        >= 120 => $"{Figures.Number(seconds / 60)} min",
        _ => $"{Figures.Number(seconds)} s",
    };

    private static string Times(double value) => $"{Figures.Number(Math.Round(value, 1))}×";

    private static string Rate(double? rate) => rate is { } value ? Times(value) : Figures.None;

    private static string BudgetWidth(double budget) => (Math.Clamp(budget, 0, 1) * 64).ToString("0.#", CultureInfo.InvariantCulture);
}
