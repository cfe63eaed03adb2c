namespace Gantry.Estate.Catalogue;

/// <summary>
/// Which service claims which name where. Two that claim one name at one place would leave it to chance which of them telemetry of that name is. Each claim is
/// held against those before it by a few look-ups, however many there are.
/// </summary>
public static class ServiceClaims
{
    /// <returns>"" when no name is claimed twice.</returns>
    public static string Conflict(IEnumerable<Service> services)
    {
        // "*": some namespace, or some environment.
        var claims = new Dictionary<(string Name, string Namespace, string Environment), Service>();
        foreach (var service in services)
        {
            foreach (var name in service.AllNames)
            {
                if (Asked(name, service).Select(key => claims.GetValueOrDefault(key)).FirstOrDefault(other => other is not null && other != service) is { } other)
                {
                    return $"Service {service.Name} and Service {other.Name} both claim the name '{name}' in {Place(service, other)}; take it out of one of the two, or give each its own environment or namespace";
                }

                foreach (var key in Written(name, service))
                {
                    claims.TryAdd(key, service);
                }
            }
        }

        return "";
    }

    private static IEnumerable<(string, string, string)> Written(string name, Service service) =>
    [
        (name, service.Namespace, service.Environment), (name, "*", service.Environment), (name, service.Namespace, "*"), (name, "*", "*"),
    ];

    /// <summary>A place that is left open is every place.</summary>
    private static IEnumerable<(string, string, string)> Asked(string name, Service service)
    {
        string[] namespaces = service.Namespace.Length == 0 ? ["*"] : [service.Namespace, ""];
        string[] environments = service.Environment.Length == 0 ? ["*"] : [service.Environment, ""];
        return namespaces.SelectMany(space => environments.Select(environment => (name, space, environment)));
    }

    private static string Place(Service one, Service other)
    {
        var environment = one.Environment.Length > 0 ? one.Environment : other.Environment;
        var space = one.Namespace.Length > 0 ? one.Namespace : other.Namespace;
        return $"{(environment.Length > 0 ? $"environment {environment}" : "every environment")}, {(space.Length > 0 ? $"namespace {space}" : "every namespace")}";
    }
}
