using Gantry.Estate.Instrumentation;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Campaigns;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Instrument;
using Gantry.Hub.Journeys;
using Gantry.Hub.Ui.Lists;
using Gantry.Hub.Ui.Pages;
using Gantry.Hub.Ui.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gantry.Hub.Ui;

/// <summary>What answers a URL: a component, its parameters, and the snapshot that it is drawn from.</summary>
/// <param name="Url">The one spelling of this view, so that two viewers of the same thing share one rendering.</param>
internal sealed record PageView(int Status, Type Component, string Url, EstateSnapshot Snapshot, IReadOnlyDictionary<string, object?> Parameters)
{
    /// <summary>Whether it also reads what moves between two snapshots: series, agents.</summary>
    public bool ReadsMore { get; init; }

    /// <summary>It shows the audit log, which is not for every viewer.</summary>
    public bool IsOfAudit { get; init; }

    public static PageView Of<T>(string url, EstateSnapshot snapshot, params (string Name, object? Value)[] parameters) =>
        new(StatusCodes.Status200OK, typeof(T), url, snapshot, parameters.ToDictionary(static item => item.Name, static item => item.Value));
}

/// <summary>Which page a URL is. Asked by requests and by the live loop alike.</summary>
internal sealed class PageResolver(EstateQueries estate, FleetQueries fleet, IServiceProvider services, TimeProvider time)
{
    public PageView Resolve(string path, IQueryCollection query)
    {
        var snapshot = estate.Current;
        string[] segments = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        return segments switch
        {
            [] => PageView.Of<HomePage>(Links.Home, snapshot),
            ["services"] => Services(ListState.From(query, ServiceList.Shape), snapshot),
            ["services", var id] when snapshot.FindService(id) is { } row => Service(row, ChartRange.From(query["range"]), snapshot),
            ["services", var id] => NotFound("service", id, snapshot),
            ["hosts"] => Hosts(ListState.From(query, HostList.Shape), snapshot),
            ["hosts", var id] when snapshot.Hosts.FirstOrDefault(row => row.Id == id) is { } row => Host(row, ChartRange.From(query["range"]), snapshot),
            ["hosts", var id] => NotFound("host", id, snapshot),
            ["journeys"] => Journeys(ListState.From(query, JourneyList.Shape), snapshot),
            ["journeys", var name] when snapshot.Journeys.FirstOrDefault(row => row.Name == name) is { } row => Journey(row, query["hop"].ToString(), ChartRange.From(query["range"]), snapshot),
            ["journeys", var name] => NotFound("journey", name, snapshot),
            ["steps"] => Steps(query["owner"].ToString(), ListState.From(query, StepList.Shape), snapshot),
            ["findings"] => Findings(ListState.From(query, FindingList.Shape), snapshot),
            ["agents"] => Agents(ListState.From(query, FleetList.Shape), snapshot),
            ["agents", var id] when fleet.One(id) is { } detail => Agent(detail, snapshot),
            ["agents", var id] => NotFound("agent", id, snapshot),
            ["pipelines"] => Pipelines(ListState.From(query, PipelineList.Shape), snapshot),
            ["pipelines", var name] => Document(PipelineReader.Kind, name, snapshot),
            ["instrumentations", Links.NewName] when snapshot.Processes.FirstOrDefault(row => row.Id == query["process"]) is { } row =>
                Pipeline(InstrumentationReader.Kind, "", snapshot, services.GetService<PipelineDesk>()?.Check(InstrumentationReader.Kind, "", new PipelineDraft(SuggestedInstrumentation.For(row), 0), takeOver: false)),
            ["instrumentations", var name] => Document(InstrumentationReader.Kind, name, snapshot),
            ["processes"] => Processes(ListState.From(query, ProcessList.Shape), snapshot),
            ["processes", var id] when snapshot.Processes.FirstOrDefault(row => row.Id == id) is { } row => Process(row, snapshot),
            ["processes", var id] => NotFound("process", id, snapshot),
            ["campaigns"] => PageView.Of<CampaignsPage>(Links.Campaigns, snapshot, (nameof(CampaignsPage.Rows), services.GetService<CampaignView>()?.All(snapshot, time.GetUtcNow()) ?? [])) with { ReadsMore = true },
            ["campaigns", var name] when services.GetService<CampaignView>() is { } campaigns && campaigns.All(snapshot, time.GetUtcNow()).FirstOrDefault(row => row.Name == name) is { } row =>
                PageView.Of<CampaignPage>(Links.Campaign(name), snapshot, (nameof(CampaignPage.Row), row), (nameof(CampaignPage.Points), campaigns.Points(name))) with { ReadsMore = true },
            ["campaigns", var name] => NotFound("campaign", name, snapshot),
            ["audit"] => Audit(AuditState.From(query), snapshot),
            ["sampling"] => PageView.Of<SamplingPage>(Links.Sampling, snapshot),
            _ => NotFound("page", path, snapshot),
        };
    }

    /// <param name="draft">Operator attributes as somebody typed them and could not save.</param>
    public PageView Agent(AgentDetail detail, EstateSnapshot snapshot, string? draft = null, string problem = "") =>
        PageView.Of<AgentPage>(
            Links.Agent(detail.Agent.Id), snapshot,
            (nameof(AgentPage.Detail), detail), (nameof(AgentPage.Draft), draft), (nameof(AgentPage.Problem), problem)) with { ReadsMore = true };

    /// <param name="name">"" for a new one.</param>
    /// <param name="draft">What somebody typed and did not save yet.</param>
    public PageView Pipeline(ResourceKind kind, string name, EstateSnapshot snapshot, PipelineDraft? draft = null) =>
        PageView.Of<PipelinePage>(
            Links.Document(kind, name), snapshot,
            (nameof(PipelinePage.Kind), kind), (nameof(PipelinePage.Name), name), (nameof(PipelinePage.Typed), draft)) with { ReadsMore = true };

    public PageView Error() =>
        new(StatusCodes.Status500InternalServerError, typeof(ErrorPage), Links.Home, Nothing, new Dictionary<string, object?>());

    private static EstateSnapshot Nothing { get; } = new(default, [], [], [], new Summary([], [], 0, 0, 0, 0, [], new Step("", "", "", ""), default));

    private PageView Document(ResourceKind kind, string name, EstateSnapshot snapshot) =>
        name == Links.NewName ? Pipeline(kind, "", snapshot)
        : services.GetService<PipelineRows>()?.Find(kind, name) is not null ? Pipeline(kind, name, snapshot)
        : NotFound(kind.Singular, name, snapshot);

    private static PageView Processes(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<ProcessesPage>(Links.List(Links.Processes, state), snapshot, (nameof(ProcessesPage.State), state));

    private static PageView Process(ProcessRow row, EstateSnapshot snapshot) =>
        PageView.Of<ProcessPage>(Links.Process(row.Id), snapshot, (nameof(ProcessPage.Row), row));

    private static PageView Services(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<ServicesPage>(Links.List(Links.Services, state), snapshot, (nameof(ServicesPage.State), state));

    private static PageView Journeys(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<JourneysPage>(Links.List(Links.Journeys, state), snapshot, (nameof(JourneysPage.State), state)) with { ReadsMore = true };

    /// <param name="hop">Id of the hop whose figures are drawn; what is none is the entry.</param>
    private PageView Journey(JourneyRow row, string hop, ChartRange range, EstateSnapshot snapshot)
    {
        var chosen = row.Hops.FirstOrDefault(item => item.Id == hop && item.End.ServiceId is not null);
        return PageView.Of<JourneyPage>(
            Links.Journey(row.Name, chosen?.Id ?? "", range), snapshot,
            (nameof(JourneyPage.Row), row), (nameof(JourneyPage.Hop), chosen), (nameof(JourneyPage.Range), range), (nameof(JourneyPage.Changes), services.GetService<ChangeQueries>())) with { ReadsMore = true };
    }

    /// <param name="owner">Of whom; "" for all.</param>
    private static PageView Steps(string owner, ListState state, EstateSnapshot snapshot)
    {
        var of = CoverageSummary.OwnersOf(snapshot).Contains(owner) ? owner : "";
        return PageView.Of<StepsPage>(Links.StepsOf(of, state), snapshot, (nameof(StepsPage.Owner), of), (nameof(StepsPage.State), state));
    }

    private static PageView Hosts(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<HostsPage>(Links.List(Links.Hosts, state), snapshot, (nameof(HostsPage.State), state));

    private static PageView Findings(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<FindingsPage>(Links.List(Links.Findings, state), snapshot, (nameof(FindingsPage.State), state));

    private static PageView Pipelines(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<PipelinesPage>(Links.List(Links.Pipelines, state), snapshot, (nameof(PipelinesPage.State), state)) with { ReadsMore = true };

    private static PageView Audit(AuditState state, EstateSnapshot snapshot) =>
        PageView.Of<AuditPage>(Links.AuditOf(state), snapshot, (nameof(AuditPage.State), state)) with { IsOfAudit = true };

    private static PageView Agents(ListState state, EstateSnapshot snapshot) =>
        PageView.Of<FleetPage>(Links.List(Links.Agents, state), snapshot, (nameof(FleetPage.State), state)) with { ReadsMore = true };

    private static PageView Service(ServiceRow row, ChartRange range, EstateSnapshot snapshot) =>
        PageView.Of<ServicePage>(Links.Service(row.Id, range), snapshot, (nameof(ServicePage.Row), row), (nameof(ServicePage.Range), range)) with { ReadsMore = true };

    private static PageView Host(HostRow row, ChartRange range, EstateSnapshot snapshot) =>
        PageView.Of<HostPage>(Links.Host(row.Id, range), snapshot, (nameof(HostPage.Row), row), (nameof(HostPage.Range), range)) with { ReadsMore = true };

    private static PageView NotFound(string kind, string name, EstateSnapshot snapshot) =>
        PageView.Of<NotFoundPage>(Links.Home, snapshot, (nameof(NotFoundPage.Kind), kind), (nameof(NotFoundPage.Name), name))
            with { Status = StatusCodes.Status404NotFound };
}
