using Gantry.Hub.Coverage;

namespace Gantry.Hub.Journeys;

/// <summary>The rows of services by id, also by ids of what was merged into them.</summary>
internal sealed class ServiceIndex(IReadOnlyList<ServiceRow> services)
{
    private readonly Dictionary<string, ServiceRow> _byId = services.DistinctBy(row => row.Id).ToDictionary(row => row.Id);
    private readonly ILookup<string, ServiceRow> _byName = services.ToLookup(row => row.Name, StringComparer.Ordinal);

    public ServiceRow? Find(string id) => _byId.GetValueOrDefault(id);

    public IEnumerable<ServiceRow> Called(string name) => _byName[name];
}
