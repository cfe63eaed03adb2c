namespace Gantry.Gateway.Observe;

/// <summary>
/// What a service's resource should say of itself. OpenTelemetry requires service.name of every resource and telemetry.sdk.language of every SDK;
/// the others are recommended there, and without them something here cannot be told apart or joined. docs/metrics.md gives the reason for each.
/// </summary>
internal static class ResourceAttributes
{
    private const string ServiceName = "service.name";

    /// <summary>Each by its current name; one of them is enough.</summary>
    private static readonly string[][] Wanted =
    [
        ["service.instance.id"],
        ["service.version"],
        ["deployment.environment.name", "deployment.environment"],
        ["telemetry.sdk.language"],
        ["host.id", "host.name", "container.id", "k8s.pod.uid"],
        ["process.pid", "container.id", "k8s.pod.uid"],
    ];

    public static IReadOnlyList<string> MissingIn(IReadOnlyDictionary<string, string> attributes)
    {
        bool Has(string name) => attributes.TryGetValue(name, out var value) && value.Length > 0;

        List<string> missing = [.. Wanted.Where(names => !names.Any(Has)).Select(names => names[0])];
        // What an SDK writes when it was not told: "unknown_service:java".
        if (!Has(ServiceName) || attributes[ServiceName].StartsWith(ResourceReader.UnknownService, StringComparison.Ordinal))
        {
            missing.Insert(0, ServiceName);
        }

        return missing;
    }
}
