using Gantry.Hub.Coverage;

namespace Gantry.Hub.Journeys;

/// <summary>Journeys as the current snapshot has them.</summary>
internal sealed class SnapshotJourneys(EstateQueries estate) : JourneyQueries
{
    public override IReadOnlyList<JourneyRow> Current => estate.Current.Journeys;

    public override IReadOnlyList<BreakRow> Breaks => estate.Current.Breaks;
}
