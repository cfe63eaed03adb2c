using Gantry.Estate.Use;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage;

/// <summary>
/// What the doors of the hub (web pages, REST, CLI) may ask. Lists come from one immutable <see cref="EstateSnapshot"/>, so that all numbers of a
/// page agree; series are read when a single thing is looked at.
/// </summary>
public abstract class EstateQueries
{
    public abstract EstateSnapshot Current { get; }

    /// <summary>USE of a host, oldest first; empty for an unknown host.</summary>
    /// <param name="span">How far back; at most 24 hours.</param>
    public abstract IReadOnlyList<UsePoint> HostUse(string hostId, TimeSpan span);

    /// <summary>RED of a service's inbound requests, oldest first, without gaps between its first and last point.</summary>
    public abstract IReadOnlyList<RedPoint> ServiceRed(string serviceId, TimeSpan span);

    /// <summary>A service's operations of the last hour, most called first.</summary>
    public abstract IReadOnlyList<OperationRow> Operations(string serviceId);

    /// <summary>RED of one inbound operation of a service by the minute, oldest first; empty for one that is not known. Counts by operation are kept for the last
    /// hour only: of a longer span it is the last hour.</summary>
    /// <param name="operation">"POST /purchase", as in <see cref="Operations"/>.</param>
    public abstract IReadOnlyList<RedPoint> OperationRed(string serviceId, string operation, TimeSpan span);

    /// <summary>Services that this one was seen joined with in a trace: whom it calls, and who calls it.</summary>
    public abstract ServiceNeighbours Neighbours(string serviceId);
}

/// <summary>The estate at one moment. Immutable; replaced as a whole.</summary>
public sealed record EstateSnapshot(
    DateTimeOffset At,
    IReadOnlyList<HostRow> Hosts,
    IReadOnlyList<ServiceRow> Services,
    IReadOnlyList<AgentRow> Agents,
    Summary Summary)
{
    /// <summary>Who calls whom, by caller and callee.</summary>
    public IReadOnlyList<EdgeRow> Edges { get; init; } = [];

    /// <summary>What each name that a caller's spans use for a callee turned out to be.</summary>
    internal IReadOnlyDictionary<(string Caller, Observations.PeerKey Peer), EdgeNode> Peers { get; init; } = Coverage.Edges.ResolvedEdges.None.Peers;

    /// <summary>What is wrong with what services send, worst first.</summary>
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];

    /// <summary>Every declared journey, the one that needs most first.</summary>
    public IReadOnlyList<JourneyRow> Journeys { get; init; } = [];

    /// <summary>Links that lose traces anywhere, the one that costs most first.</summary>
    public IReadOnlyList<BreakRow> Breaks { get; init; } = [];

    /// <summary>What to do next, for the estate, a journey or an owner.</summary>
    public StepRanking Steps { get; init; } = StepRanking.Empty;

    /// <summary>Every process that agents report, also those that belong to no service. Made when somebody asks: there are many.</summary>
    public IReadOnlyList<ProcessRow> Processes => AllProcesses.Value;

    public int ProcessCount { get; init; }

    /// <summary>Ids of rows of services that are one with another: each with the id of that row.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>A service by its id, or by one that led to it before a declared Service made them one.</summary>
    public ServiceRow? FindService(string id)
    {
        // Kept with the list that it was made of: a copy of the snapshot may have another.
        if (_byId is not { } index || !ReferenceEquals(index.Of, Services))
        {
            var byId = new Dictionary<string, ServiceRow>(Services.Count);
            foreach (var row in Services)
            {
                byId.TryAdd(row.Id, row);
            }

            _byId = index = new ServicesById(Services, byId);
        }

        return index.Rows.GetValueOrDefault(id) ?? (Aliases.TryGetValue(id, out var other) ? index.Rows.GetValueOrDefault(other) : null);
    }

    /// <summary>A service by its id, or by any name that telemetry or a document has for it; of several of one name the first.</summary>
    public ServiceRow? FindServiceCalled(string word) => FindService(word)
        ?? Services.FirstOrDefault(row => row.Name == word)
        ?? Services.FirstOrDefault(row => row.Names.Any(name => name.Name == word && name.Source is "telemetry" or "obi" or "declared"));

    private ServicesById? _byId;

    private sealed record ServicesById(IReadOnlyList<ServiceRow> Of, Dictionary<string, ServiceRow> Rows);
    /// <summary>Where services are to send: the door of the gateway that reported last.</summary>
    internal string OtlpHttp { get; init; } = StepScope.DefaultOtlpHttp;

    internal Lazy<IReadOnlyList<ProcessRow>> AllProcesses { get; init; } = new(() => []);

    /// <summary>Policies, and what each gateway has in force.</summary>
    public Sampling.SamplingView Sampling { get; init; } = Gantry.Hub.Sampling.SamplingView.None;
}

/// <summary>A service at the other end of a joined trace.</summary>
public sealed record Neighbour(string Id, string Name, DateTimeOffset LastSeen);

public sealed record ServiceNeighbours(IReadOnlyList<Neighbour> Calls, IReadOnlyList<Neighbour> CalledBy);
