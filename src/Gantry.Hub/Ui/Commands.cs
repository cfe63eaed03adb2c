using System.Globalization;
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

    public static string Journey(string name) => About("gantry journey describe", name);

    public static string JourneyDocument(string name) => About("gantry get journeys", name, "-o yaml");

    public static string Next(string owner) => owner.Length == 0 ? "gantry next --most 50" : $"gantry next {Option("--owner", owner)} --most 50";

    public static string NextOf(string journey) => About("gantry journey next", journey);

    public const string Agents = "gantry get agents -o json";

    public const string Pipelines = "gantry get pipelines -o json";

    public const string Campaigns = "gantry get campaigns -o json";

    public const string Processes = "gantry get processes -o json";

    public static string ApplyFile(ResourceKind kind) => $"gantry apply -f {kind.Singular}.yaml";

    public const string Sampling = "gantry sampling get -o json";

    public static string Audit(AuditState state) => string.Concat(
        "gantry access audit",
        state.Whats.Length > 0 ? $" {Option("--what", state.Whats)}" : "",
        state.List.Query.Length > 0 ? $" {Option("--about", state.List.Query)}" : "",
        state.Before > 0 ? $" --before {state.Before}" : "",
        $" --limit {AuditState.PageSize} -o json");

    public static string Policy(string name) => About("gantry get samplingpolicies", name, "-o yaml");

    public static string DeletePolicy(string name) => About("gantry delete samplingpolicy", name);

    /// <summary>A document that needs no file: it stands in the command.</summary>
    public static string ApplyHere(string document) => $"gantry apply -f - <<'END'\n{document}END";

    public static string Document(ResourceKind kind, string name) => About($"gantry get {kind.Plural}", name, "-o yaml");

    // How far a campaign is says more than its document, so that is what `get` has.
    public static string CampaignDocument(string name) => About("gantry describe campaign", name);

    public static string Campaign(string name) => About("gantry get campaigns", name, "-o json");

    public static string Process(string id) => About("gantry get processes", id, "-o json");

    public static string Score(string serviceId) => About("gantry score", serviceId);

    public static string Service(string id) => About("gantry get services", id, "-o json");

    public static string Edges(string service) => About("gantry get edges", service);

    public static string Host(string id) => About("gantry get hosts", id, "-o json");

    public static string Agent(string id) => About("gantry get agents", id, "-o json");

    public static string PutAttributes(string id, IReadOnlyDictionary<string, string> attributes) =>
        $"curl -X PUT http://localhost:4320{Links.AgentAttributesApi(id)} -H 'Content-Type: application/json' -d {Single(JsonSerializer.Serialize(attributes.Count > 0 ? attributes : Example))}";

    private static Dictionary<string, string> Example { get; } = new() { ["team"] = "shop" };

    private static string Single(string value) => $"'{value.Replace("'", "'\\''")}'";

    /// <summary>
    /// A command about something by its name. Names are chosen by whoever sends telemetry, and a shell takes quotes away before the program looks: one that begins
    /// with '-' would be an option, so it stands last, behind "--".
    /// </summary>
    /// <param name="id">Stands for a name that cannot be typed: it has control characters. "": the name without them.</param>
    public static string About(string command, string name, string options = "", string id = "")
    {
        var word = id.Length > 0 && name.Any(IsHidden) ? id : Typed(name);
        var before = word.StartsWith('-');
        return string.Join(' ', new[] { command, before ? "" : Quote(word), options, before ? $"-- {Quote(word)}" : "" }.Where(part => part.Length > 0));
    }

    /// <summary>An option and its value. One that begins with '-' would be another option, so it is joined by '='.</summary>
    public static string Option(string name, string value) => $"{name}{(Typed(value).StartsWith('-') ? '=' : ' ')}{Quote(value)}";

    /// <summary>
    /// A value as one word of a shell. What cannot be seen is left out: a terminal may take a line break for Enter, also between quotes, and a mark that turns
    /// the direction of writing around shows another command than it is. It does not keep the program from taking the word for an option: <see cref="About"/> does.
    /// </summary>
    public static string Quote(string value)
    {
        var typed = Typed(value);
        return typed.Length > 0 && typed[0] != '-' && typed.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/') ? typed : Single(typed);
    }

    private static string Typed(string value) => value.Any(IsHidden) ? string.Concat(value.Where(static c => !IsHidden(c))) : value;

    private static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
