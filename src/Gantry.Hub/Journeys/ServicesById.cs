using Gantry.Hub.Coverage;

namespace Gantry.Hub.Journeys;

/// <summary>The rows of services by id, also by ids of what was merged into them.</summary>
internal sealed class ServicesById(EstateSnapshot snapshot)
{
    private readonly Dictionary<string, ServiceRow> _byId = snapshot.Services.DistinctBy(row => row.Id).ToDictionary(row => row.Id);
    private readonly ILookup<string, ServiceRow> _byName = snapshot.Services.ToLookup(row => row.Name, StringComparer.Ordinal);

    public ServiceRow? Find(string id) => _byId.GetValueOrDefault(snapshot.Aliases.GetValueOrDefault(id, id));

    public IEnumerable<ServiceRow> Called(string name) => _byName[name];
}
