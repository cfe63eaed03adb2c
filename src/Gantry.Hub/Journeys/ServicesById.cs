using Gantry.Estate.Journeys;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Journeys;

/// <summary>The rows of services by id, also by ids of what was merged into them, and by name.</summary>
internal sealed class ServicesById(EstateSnapshot snapshot)
{
    private readonly Dictionary<string, ServiceRow> _byId = snapshot.Services.DistinctBy(row => row.Id).ToDictionary(row => row.Id);

    // Asked for the few names that documents have.
    private readonly Lazy<ILookup<string, ServiceRow>> _byName = new(() =>
        snapshot.Services.SelectMany(row => DeclaredNames.NamesOf(row), (row, name) => (row, name)).ToLookup(item => item.name, item => item.row, StringComparer.Ordinal));

    public ServiceRow? Find(string id) => _byId.GetValueOrDefault(snapshot.Aliases.GetValueOrDefault(id, id));

    /// <summary>Rows of that name where the journey is: in the namespace and environment of its entry. Who is called so by its own telemetry goes first.</summary>
    public IEnumerable<ServiceRow> Called(string name, JourneyEntry entry) => _byName.Value[name]
        .Where(row => Fits(entry.Namespace, row.Namespace, row) && Fits(entry.Environment, row.Environment, row))
        .OrderBy(row => row.Name == name ? 0 : 1);

    /// <summary>A process that sends nothing does not say where it belongs.</summary>
    private static bool Fits(string wanted, string told, ServiceRow row) => wanted.Length == 0 || wanted == told || (told.Length == 0 && (row.Dark || row.IsUnseen));
}
