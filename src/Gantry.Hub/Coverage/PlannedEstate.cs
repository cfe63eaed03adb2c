using Gantry.Estate.Use;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage;

/// <summary>
/// The estate as the doors ask for it: what <see cref="EstateView"/> has seen, with the journeys through it, and with next steps, which rest on both. Made once
/// for each snapshot, by one asker; so everything that says what is next says the same.
/// </summary>
internal sealed class PlannedEstate(EstateView seen, IJourneySource journeys) : EstateQueries
{
    private readonly Lock _planning = new();

    private volatile Planned? _current;

    public override EstateSnapshot Current
    {
        get
        {
            var snapshot = seen.Current;
            var current = _current;
            if (current is not null && (ReferenceEquals(current.Seen, snapshot) || !_planning.TryEnter()))
            {
                return current.Snapshot;
            }

            if (current is null)
            {
                _planning.Enter();
            }

            try
            {
                return _current is { } other && ReferenceEquals(other.Seen, snapshot) ? other.Snapshot : (_current = new Planned(snapshot, Plan(snapshot))).Snapshot;
            }
            finally
            {
                _planning.Exit();
            }
        }
    }

    public override IReadOnlyList<UsePoint> HostUse(string hostId, TimeSpan span) => seen.HostUse(hostId, span);

    public override IReadOnlyList<RedPoint> ServiceRed(string serviceId, TimeSpan span) => seen.ServiceRed(serviceId, span);

    public override IReadOnlyList<OperationRow> Operations(string serviceId) => seen.Operations(serviceId);

    public override IReadOnlyList<RedPoint> OperationRed(string serviceId, string operation, TimeSpan span) => seen.OperationRed(serviceId, operation, span);

    public override ServiceNeighbours Neighbours(string serviceId) => seen.Neighbours(serviceId);

    private EstateSnapshot Plan(EstateSnapshot snapshot)
    {
        // The cause of a break names the step of the service that makes it.
        var own = new ServiceSteps(snapshot.OtlpHttp).ById(snapshot.Services);
        var estate = snapshot with { Services = With(snapshot.Services, id => own.GetValueOrDefault(id)?.ToStep()) };
        var found = journeys.Of(estate);
        var steps = new StepRanking(StepScope.Of(estate with { Journeys = found.Rows, Breaks = found.Breaks }) with { Own = own });
        var next = steps.All.Where(step => step.Subject is "service" or "link").GroupBy(step => step.SubjectId).ToDictionary(group => group.Key, group => group.First().ToStep());
        return estate with
        {
            Services = With(estate.Services, next.GetValueOrDefault),
            Journeys = steps.Complete(found.Rows),
            Breaks = found.Breaks,
            Steps = steps,
            Summary = estate.Summary with { Next = steps.First?.ToStep() ?? Step.None },
        };
    }

    /// <summary>A row is large, and most have no step: those are not copied.</summary>
    private static List<ServiceRow> With(IReadOnlyList<ServiceRow> services, Func<string, Step?> next) =>
        [.. services.Select(service => next(service.Id) is var step && Equals(step, service.Next) ? service : service with { Next = step })];

    private sealed record Planned(EstateSnapshot Seen, EstateSnapshot Snapshot);
}
