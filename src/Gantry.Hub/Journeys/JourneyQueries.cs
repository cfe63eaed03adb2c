namespace Gantry.Hub.Journeys;

/// <summary>What the doors may ask about journeys. All of it belongs to one <see cref="Coverage.EstateSnapshot"/>, so that the numbers of a page agree.</summary>
public abstract class JourneyQueries
{
    /// <summary>Every declared journey, the one that needs most first.</summary>
    public abstract IReadOnlyList<JourneyRow> Current { get; }

    /// <summary>Links that lose traces anywhere in the estate, also where no journey goes; the one that costs most first.</summary>
    public abstract IReadOnlyList<BreakRow> Breaks { get; }

    public JourneyRow? Find(string name) => Current.FirstOrDefault(journey => journey.Name == name);
}
