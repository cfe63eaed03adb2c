using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>A <c>Journey</c> to begin with.</summary>
public static class JourneyDocument
{
    /// <param name="operation">"POST /purchase"; "" for every request of the service.</param>
    public static string For(ServiceRow service, string operation)
    {
        var entry = new List<string> { $"service: '{Quoted(service.Name)}'" };
        Add(entry, "operation", operation);
        Add(entry, "namespace", service.Namespace);
        Add(entry, "environment", service.Environment);
        return string.Join('\n',
        [
            "apiVersion: gantry/v1",
            "kind: Journey",
            $"metadata: {{name: {NameOf(service, operation)}}}",
            "spec:",
            $"  title: '{Quoted(operation.Length > 0 ? $"{operation} of {service.Name}" : service.Name)}'",
            service.Owner.Length > 0 ? $"  owner: '{Quoted(service.Owner)}'" : "  # owner: a person or team",
            $"  entry: {{{string.Join(", ", entry)}}}",
            "  hops: learn",
            "  objectives:",
            "  - {name: available, indicator: errors, target: 99.5%, window: 28d}",
            "",
        ]);
    }

    private static void Add(List<string> entry, string field, string value)
    {
        if (value.Length > 0)
        {
            entry.Add($"{field}: '{Quoted(value)}'");
        }
    }

    /// <summary>The last word of the operation, "purchase" of "POST /api/purchase/{id}", else the service's name.</summary>
    private static string NameOf(ServiceRow service, string operation)
    {
        var word = operation.Split('/', ' ').LastOrDefault(part => part.Length > 1 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !part.All(char.IsAsciiLetterUpper)) ?? service.Name;
        var name = string.Concat(word.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return name.Length is > 0 and <= 60 ? name : "journey";
    }

    private static string Quoted(string value) => string.Concat(value.Where(c => !char.IsControl(c))).Replace("'", "''", StringComparison.Ordinal);
}
