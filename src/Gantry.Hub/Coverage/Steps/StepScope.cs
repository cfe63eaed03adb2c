using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>What steps are worked out from: one moment of the estate.</summary>
/// <param name="OtlpHttp">Where services are to send: the door of the gateway that reported last.</param>
public sealed record StepScope(
    IReadOnlyList<HostRow> Hosts,
    IReadOnlyList<ServiceRow> Services,
    IReadOnlyList<EdgeRow> Edges,
    IReadOnlyList<JourneyRow> Journeys,
    IReadOnlyList<BreakRow> Breaks,
    IReadOnlyList<AgentRow> Agents,
    string OtlpHttp = StepScope.DefaultOtlpHttp)
{
    /// <summary>Steps of services by id, where they were worked out already; null: they are worked out here.</summary>
    internal IReadOnlyDictionary<string, StepRow>? Own { get; init; }

    public const string DefaultOtlpHttp = "http://127.0.0.1:4318";

    public static StepScope Of(EstateSnapshot estate) =>
        new(estate.Hosts, estate.Services, estate.Edges, estate.Journeys, estate.Breaks, estate.Agents, estate.OtlpHttp);
}
