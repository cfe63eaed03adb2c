namespace Gantry.Hub.Coverage.Steps;

/// <summary>One thing to do, with what it gains and what it costs; docs/steps.md says how steps are ranked.</summary>
/// <param name="Rank">1 is first, within the list that was asked for.</param>
/// <param name="Id">Of the cause: the same while the cause is there.</param>
/// <param name="Rung">1 to 4: the rung that it is on the way to.</param>
/// <param name="Subject">"estate", "host", "service" or "link".</param>
/// <param name="SubjectId">Id of the row; "" where none is known to be it.</param>
/// <param name="SubjectName">"payments", "cart → payments".</param>
/// <param name="Method">Id of the method in the catalogue; "" where none is one.</param>
/// <param name="Command">A command or the exact setting that does it; "" where there is none.</param>
/// <param name="Href">The page of what it is about.</param>
/// <param name="Plan">The page that plans it; "" where there is none.</param>
public sealed record StepRow(
    int Rank,
    string Id,
    string Title,
    string Why,
    int Rung,
    string Subject,
    string SubjectId,
    string SubjectName,
    string Method,
    StepGain Gain,
    StepCost Cost,
    string Command,
    string Href,
    string Plan)
{
    /// <summary>Of the service that it is about; "" where nobody was named.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Of the service, as service.criticality spells it; "" where nobody said.</summary>
    public string Criticality { get; init; } = "";

    /// <summary>Journeys that it brings nearer to whole.</summary>
    public IReadOnlyList<StepJourney> Journeys { get; init; } = [];

    /// <summary>Somebody can take it. False: no method is known, and it stands at the end.</summary>
    public bool IsTakeable { get; init; } = true;

    /// <summary>What may be gone for good: a host that sends nothing and has no agent connected.</summary>
    internal bool MayBeGone { get; init; }

    /// <summary>The language of its program was recognised, or no program is concerned.</summary>
    internal bool IsRecognised { get; init; } = true;

    public Step ToStep() => new(Title, Why, Command, Href);
}

/// <summary>What a step gains.</summary>
/// <param name="Services">How many services climb, or are joined.</param>
/// <param name="RequestsPerHour">That are seen, or stay in one trace, from then on; null when nobody counted them.</param>
/// <param name="Closes">Ids of the breaks that it closes.</param>
public sealed record StepGain(int Services, double? RequestsPerHour, IReadOnlyList<string> Closes);

/// <summary>A journey that a step is on the way of.</summary>
/// <param name="Share">Of the journey's requests, 0 to 1; null when it was not measured.</param>
public sealed record StepJourney(string Name, double? Share);

/// <summary>What a step costs.</summary>
/// <param name="Restart">"none", "process", "pod", "task", "function", "rebuild", or "unknown" where no method says it.</param>
/// <param name="Privilege">The rights that it takes, for a person; "" for none.</param>
/// <param name="Rebuild">The program's image or build changes.</param>
public sealed record StepCost(string Restart, string Privilege, bool Rebuild)
{
    public static StepCost Nothing { get; } = new("none", "", false);

    public static StepCost Unknown { get; } = new("unknown", "", false);
}
