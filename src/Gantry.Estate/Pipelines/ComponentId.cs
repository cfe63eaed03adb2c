using System.Text.RegularExpressions;

namespace Gantry.Estate.Pipelines;

/// <summary>Ids of collector components: <c>type</c> or <c>type/name</c> (component.ID of the collector).</summary>
public static partial class ComponentId
{
    public static bool IsValid(string id)
    {
        var parts = id.Split('/', 2);
        return Type().IsMatch(parts[0]) && (parts.Length == 1 || (parts[1].Length <= 1024 && Name().IsMatch(parts[1])));
    }

    /// <summary>
    /// The id that a component gets where several pipelines are one configuration: <c>batch</c> of pipeline edge is <c>batch/edge</c>, <c>otlp/in</c> is
    /// <c>otlp/edge/in</c>. A pipeline's name has no '/', so no two become one.
    /// </summary>
    public static string Of(string pipeline, string id) => id.Split('/', 2) is [var type, var name] ? $"{type}/{pipeline}/{name}" : $"{id}/{pipeline}";

    /// <summary>The exporter of a destination. A pipeline's name has no '_', so it is no pipeline's.</summary>
    public static string OfDestination(string type, string destination) => $"{type}/to_{destination}";

    [GeneratedRegex("^[a-zA-Z][0-9a-zA-Z_]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Type();

    [GeneratedRegex(@"^[^\p{Z}\p{C}\p{S}]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
