using Gantry.Estate.Resources;
using Gantry.Hub.Ui.Lists;

namespace Gantry.Hub.Ui;

/// <summary>Every URL of the UI: the patterns that the routes match, and the links that pages draw. Nothing else spells a path.</summary>
internal static class Links
{
    public const string Home = "/";
    public const string Services = "/services";
    public const string ServicePattern = "/services/{id}";
    public const string Hosts = "/hosts";
    public const string HostPattern = "/hosts/{id}";
    public const string Findings = "/findings";
    public const string Journeys = "/journeys";
    public const string JourneyPattern = "/journeys/{name}";
    public const string Campaigns = "/campaigns";
    public const string Steps = "/steps";
    public const string Agents = "/agents";
    public const string AgentPattern = "/agents/{id}";
    public const string AgentAttributesPattern = "/agents/{id}/attributes";
    public const string AgentRetryPattern = "/agents/{id}/retry";
    public const string Pipelines = "/pipelines";
    public const string PipelinePattern = "/pipelines/{name}";
    public const string PipelineCheckPattern = "/pipelines/{name}/check";
    public const string InstrumentationPattern = "/instrumentations/{name}";
    public const string InstrumentationCheckPattern = "/instrumentations/{name}/check";
    public const string Processes = "/processes";
    public const string ProcessPattern = "/processes/{id}";

    /// <summary>In the place of a name: no resource can be called so.</summary>
    public const string NewName = "_new";

    public const string NewPipeline = $"{Pipelines}/{NewName}";
    public const string NewInstrumentation = $"/instrumentations/{NewName}";
    public const string Sampling = "/sampling";
    public const string Audit = "/audit";
    public const string Live = "/live";
    public const string CampaignPattern = "/campaigns/{name}";
    public const string Theme = "/theme";
    public const string AssetPattern = "/_ui/{name}";

    public const string ApiSummary = "/api/v1/summary";
    public const string ApiServices = "/api/v1/services";
    public const string ApiHosts = "/api/v1/hosts";
    public const string ApiFindings = "/api/v1/findings";
    public const string ApiJourneys = "/api/v1/journeys";
    public const string ApiSteps = "/api/v1/steps";
    public const string ApiAgents = "/api/v1/agents";
    public const string ApiPipelines = "/api/v1/resources/pipelines";
    public const string ApiProcesses = "/api/v1/processes";
    public const string ApiSampling = "/api/v1/sampling";
    public const string ApiAudit = "/api/v1/audit";
    public const string ApiCampaigns = "/api/v1/campaigns";

    public static string Service(string id) => $"{Services}/{Uri.EscapeDataString(id)}";

    public static string Service(string id, ChartRange range) => Service(id) + range.ToQuery();

    public static string Journey(string name) => $"{Journeys}/{Uri.EscapeDataString(name)}";

    public static string Journey(string name, string hop, ChartRange range)
    {
        var query = range.ToQuery();
        return Journey(name) + (hop.Length == 0 ? query : $"{(query.Length == 0 ? "?" : query + "&")}hop={Uri.EscapeDataString(hop)}");
    }

    /// <summary>Where the page of a journey speaks of one of its breaks.</summary>
    public static string JourneyBreak(string name, string id) => $"{Journey(name)}#break-{Uri.EscapeDataString(id)}";

    /// <param name="owner">"" for all.</param>
    public static string StepsOf(string owner, ListState state)
    {
        var query = state.ToQuery();
        return Steps + (owner.Length == 0 ? query : $"{(query.Length == 0 ? "?" : query + "&")}owner={Uri.EscapeDataString(owner)}");
    }

    public static string ApiJourney(string name) => $"{ApiJourneys}/{Uri.EscapeDataString(name)}";

    public static string Host(string id) => $"{Hosts}/{Uri.EscapeDataString(id)}";

    public static string Host(string id, ChartRange range) => Host(id) + range.ToQuery();

    public static string Agent(string id) => $"{Agents}/{Uri.EscapeDataString(id)}";

    public static string AgentAttributes(string id) => $"{Agent(id)}/attributes";

    public static string AgentRetry(string id) => $"{Agent(id)}/retry";

    public static string Pipeline(string name) => $"{Pipelines}/{Uri.EscapeDataString(name)}";

    public static string Process(string id) => $"{Processes}/{Uri.EscapeDataString(id)}";

    public static string Campaign(string name) => $"{Campaigns}/{Uri.EscapeDataString(name)}";

    public static string ApiCampaign(string name) => $"{ApiCampaigns}/{Uri.EscapeDataString(name)}";

    public static string ProcessesShowing(string show) => List(Processes, new ListState { Show = show });

    public static string InstrumentationFor(string process) => $"{NewInstrumentation}?process={Uri.EscapeDataString(process)}";

    /// <summary>The page of a declared document that has an editor: "/pipelines/edge", "/instrumentations/shop".</summary>
    public static string Document(ResourceKind kind, string name) => $"/{kind.Plural}/{Uri.EscapeDataString(name.Length > 0 ? name : NewName)}";

    public static string DocumentCheck(ResourceKind kind, string name) => $"{Document(kind, name)}/check";

    public static string ApiDocument(ResourceKind kind, string name) => $"{ApiDocuments(kind)}/{Uri.EscapeDataString(name)}";

    public static string ApiDocuments(ResourceKind kind) => $"/api/v1/resources/{kind.Plural}";

    public static string FindingsOf(string service) => List(Findings, new ListState { Query = service });

    public static string List(string path, ListState state) => path + state.ToQuery();

    public static string ServicesShowing(string show) => List(Services, new ListState { Show = show });

    public static string HostsShowing(string show) => List(Hosts, new ListState { Show = show });

    public static string ApiScore(string serviceId) => ApiService(serviceId) + "/score";

    public static string ApiService(string id) => $"{ApiServices}/{Uri.EscapeDataString(id)}";

    public static string ApiHost(string id) => $"{ApiHosts}/{Uri.EscapeDataString(id)}";

    public static string ApiAgent(string id) => $"{ApiAgents}/{Uri.EscapeDataString(id)}";

    public static string AgentAttributesApi(string id) => $"{ApiAgent(id)}/attributes";

    public static string AuditOf(AuditState state) => Audit + state.ToQuery();

    public static string ApiAuditOf(AuditState state) => ApiAudit + state.ToApiQuery();

    public static string LiveOf(string page) => $"{Live}?page={Uri.EscapeDataString(page)}";

    public static string Asset(string name) => $"/_ui/{name}";

    /// <summary>A link that came with data: followed only when it stays on this site.</summary>
    public static string? Local(string? href) =>
        href is ['/', ..] && !(href is ['/', '/' or '\\', ..]) && !href.AsSpan().ContainsAny('\r', '\n', '\t') ? href : null;
}
