namespace Gantry.Hub.Ui;

/// <summary>The same page in the CLI: what "As CLI" offers to copy.</summary>
internal static class Commands
{
    public const string Summary = "gantry get summary -o json";
    public const string Services = "gantry get services -o json";
    public const string Hosts = "gantry get hosts -o json";
    public const string Findings = "gantry get findings -o json";
    public const string Agents = "gantry get agents -o json";

    public static string Service(string id) => $"gantry get services {Quote(id)} -o json";

    public static string Edges(string service) => $"gantry get edges {Quote(service)}";

    public static string Host(string id) => $"gantry get hosts {Quote(id)} -o json";

    public static string Agent(string id) => $"gantry get agents {Quote(id)} -o json";

    /// <summary>An id may have been chosen by whoever sends telemetry, and this text is made to be pasted into a shell.</summary>
    public static string Quote(string value) =>
        value.Length > 0 && value[0] != '-' && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/')
            ? value
            : $"'{value.Replace("'", "'\\''")}'";
}
