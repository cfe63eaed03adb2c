using Gantry.Hub.Coverage;

namespace Gantry.Hub.Journeys;

/// <summary>Finds the journeys of a snapshot whose rows of services and edges stand already.</summary>
public interface IJourneySource
{
    JourneySet Of(EstateSnapshot estate);
}

/// <summary>Journeys and breaks of one moment. <see cref="JourneyRow.Next"/> is filled in afterwards, when steps are ranked.</summary>
public sealed record JourneySet(IReadOnlyList<JourneyRow> Rows, IReadOnlyList<BreakRow> Breaks)
{
    public static JourneySet None { get; } = new([], []);
}
