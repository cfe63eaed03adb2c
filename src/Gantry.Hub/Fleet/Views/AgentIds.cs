namespace Gantry.Hub.Fleet.Views;

/// <summary>Ids of agents in addresses. A collector calls itself as it likes, slashes too.</summary>
internal static class AgentIds
{
    /// <summary>A slash stays encoded in a segment of a path, and everything else does not.</summary>
    public static string OfRoute(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
