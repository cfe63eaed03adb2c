using Gantry.Estate.Catalogue;
using Gantry.Hub.Estate;
using Gantry.Hub.Observations;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>Declared services by each name that they claim. Immutable; made once for each version of what is declared.</summary>
internal sealed class ServiceIndex
{
    private readonly Dictionary<string, List<Service>> _byName = new(StringComparer.Ordinal);
    private readonly bool _separates;

    public ServiceIndex(IReadOnlyList<Service> services)
    {
        All = services;
        foreach (var service in services)
        {
            _separates |= service.Separate.Count > 0;
            foreach (var name in service.AllNames)
            {
                if (!_byName.TryGetValue(name, out var claims))
                {
                    _byName.Add(name, claims = []);
                }

                claims.Add(service);
            }
        }
    }

    public static ServiceIndex Empty { get; } = new([]);

    public IReadOnlyList<Service> All { get; }

    /// <summary>The service that claims a name. A place that either of the two leaves open is no contradiction, but where that leaves several services, none is chosen.</summary>
    public Service? Find(string name, string space, string environment)
    {
        if (!_byName.TryGetValue(name, out var claims))
        {
            return null;
        }

        Service? found = null;
        foreach (var claim in claims)
        {
            if (!Fits(claim.Namespace, space) || !Fits(claim.Environment, environment))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = claim;
        }

        return found;

        static bool Fits(string claimed, string told) => claimed.Length == 0 || told.Length == 0 || claimed == told;
    }

    /// <summary>Whether somebody said that this process is not the service whose name its telemetry or its environment bears.</summary>
    public bool Separates(ServiceKey service, ProcessFact process) =>
        _separates && Find(service.Name, service.Namespace, service.Environment) is { Separate.Count: > 0 } declared
        && IsSeparate(declared, process.DisplayName, process.Executable, process.Script);

    /// <summary>The service that a row is. A row that sends is what its telemetry says; only what has no name of its own is asked for its processes'.</summary>
    public Service? Claim(ServiceRow row)
    {
        if (All.Count == 0)
        {
            return null;
        }

        var found = Find(row.Name, row.Namespace, row.Environment);
        if (found is null && (row.Dark || row.Name.StartsWith("unknown_service", StringComparison.Ordinal)))
        {
            var claims = row.Names.Select(name => Find(name.Name, row.Namespace, row.Environment)).OfType<Service>().Distinct().ToList();
            found = claims.Count == 1 ? claims[0] : null;
        }

        return found is { Separate.Count: > 0 } && (found.Separate.Contains(row.Name) || (row.Dark && row.Processes.Any(process => IsSeparate(found, process.Name, process.Executable, process.Script))))
            ? null
            : found;
    }

    private static bool IsSeparate(Service service, string name, string executable, string script) =>
        service.Separate.Any(other => other == name || IsFile(other, executable) || IsFile(other, script));

    /// <summary>By its whole path, or by the end of it.</summary>
    private static bool IsFile(string other, string path) => path.Length > 0 && (other == path || Path.GetFileName(path.AsSpan()).SequenceEqual(other));
}

/// <summary>Keeps the index of what is declared now.</summary>
internal sealed class DeclaredServices(ResourceStore store)
{
    private volatile Made _made = new(-1, ServiceIndex.Empty);

    public ServiceIndex Current
    {
        get
        {
            var content = store.Content;
            var made = _made;
            if (made.Version != content.Version)
            {
                _made = made = new Made(content.Version, new ServiceIndex([.. content.OfKind(ServiceReader.Kind).Select(resource => resource.Document?.Model).OfType<Service>()]));
            }

            return made.Index;
        }
    }

    private sealed record Made(long Version, ServiceIndex Index);
}
