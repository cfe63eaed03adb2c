using System.Text.Json;
using Gantry.Estate.Resources;
using Gantry.Hub.Ui.Lists;

namespace Gantry.Hub.Ui;

/// <summary>The same page in the CLI: what "As CLI" offers to copy.</summary>
internal static class Commands
{
    public const string Summary = "gantry get summary -o json";
    public const string Services = "gantry get services -o json";
    public const string Hosts = "gantry get hosts -o json";
    public const string Findings = "gantry get findings -o json";
    public const string Journeys = "gantry journey get -o json";

    public static string Journey(string name) => $"gantry journey describe {Quote(name)}";

    public static string JourneyDocument(string name) => $"gantry get journeys {Quote(name)} -o yaml";

    public static string Next(string owner) => owner.Length == 0 ? "gantry next --most 50" : $"gantry next --owner {Quote(owner)} --most 50";

    public static string NextOf(string journey) => $"gantry journey next {Quote(journey)}";

    public const string Agents = "gantry get agents -o json";

    public const string Pipelines = "gantry get pipelines -o json";

    public const string Campaigns = "gantry get campaigns -o json";

    public const string Processes = "gantry get processes -o json";

    public static string ApplyFile(ResourceKind kind) => $"gantry apply -f {kind.Singular}.yaml";

    public const string Sampling = "gantry sampling get -o json";

    public static string Audit(AuditState state) => string.Concat(
        "gantry access audit",
        state.Whats.Length > 0 ? $" --what {Quote(state.Whats)}" : "",
        state.List.Query.Length > 0 ? $" --about {Quote(state.List.Query)}" : "",
        state.Before > 0 ? $" --before {state.Before}" : "",
        $" --limit {AuditState.PageSize} -o json");

    public static string Policy(string name) => $"gantry get samplingpolicies {Quote(name)} -o yaml";

    public static string DeletePolicy(string name) => $"gantry delete samplingpolicy {Quote(name)}";

    /// <summary>A document that needs no file: it stands in the command.</summary>
    public static string ApplyHere(string document) => $"gantry apply -f - <<'END'\n{document}END";

    public static string Document(ResourceKind kind, string name) => $"gantry get {kind.Plural} {Quote(name)} -o yaml";

    public static string Campaign(string name) => $"gantry get campaigns {Quote(name)} -o json";

    public static string Process(string id) => $"gantry get processes {Quote(id)} -o json";

    public static string Score(string serviceId) => $"gantry score {Quote(serviceId)}";

    public static string Service(string id) => $"gantry get services {Quote(id)} -o json";

    public static string Edges(string service) => $"gantry get edges {Quote(service)}";

    public static string Host(string id) => $"gantry get hosts {Quote(id)} -o json";

    public static string Agent(string id) => $"gantry get agents {Quote(id)} -o json";

    public static string PutAttributes(string id, IReadOnlyDictionary<string, string> attributes) =>
        $"curl -X PUT http://localhost:4320{Links.AgentAttributesApi(id)} -H 'Content-Type: application/json' -d {Single(JsonSerializer.Serialize(attributes.Count > 0 ? attributes : Example))}";

    private static Dictionary<string, string> Example { get; } = new() { ["team"] = "shop" };

    private static string Single(string value) => $"'{value.Replace("'", "'\\''")}'";

    /// <summary>An id may have been chosen by whoever sends telemetry, and this text is made to be pasted into a shell.</summary>
    public static string Quote(string value) =>
        value.Length > 0 && value[0] != '-' && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/')
            ? value
            : Single(value);
}
