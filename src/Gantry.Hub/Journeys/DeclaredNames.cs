using Gantry.Estate.Catalogue;
using Gantry.Estate.Journeys;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Catalogue;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys;

/// <summary>What a document may call a service: as its telemetry does, or as the declared Service does that claims that name.</summary>
internal sealed class DeclaredNames(Func<ServiceIndex> declared)
{
    /// <summary>Its own name first, then that of the Service which it is. An entry is written with one of them: a second name of the same telemetry would count its requests twice.</summary>
    public IReadOnlyList<string> Of(ServiceKey key) => ClaimOf(key) is { } claim && claim.Name != key.Name ? [key.Name, claim.Name] : [key.Name];

    /// <summary>The Service that it is; null where none claims it.</summary>
    public Service? ClaimOf(ServiceKey key) =>
        declared().Find(key.Name, key.Namespace, key.Environment) is { } claim && !claim.Separate.Contains(key.Name) ? claim : null;

    /// <summary>The same for keys that are one service at one place.</summary>
    public ServiceKey OneOf(ServiceKey key) => ClaimOf(key) is { } claim ? key with { Name = claim.Name } : key;

    /// <summary>Whether any name of the same service is this one: a hop is reached, whoever of its service was seen there.</summary>
    public bool IsCalled(ServiceKey key, string name) => key.Name == name || (ClaimOf(key) is { } claim && claim.AllNames.Contains(name));

    public bool IsEntry(JourneyEntry entry, ServiceKey key) => Of(key).Any(name => entry.IsOf(name, key.Namespace, key.Environment));

    /// <summary>As <see cref="IsCalled(ServiceKey, string)"/>, of a row.</summary>
    public static bool IsCalled(ServiceRow row, string name) => NamesOf(row).Contains(name);

    /// <summary>Those that telemetry or a document has for it; what a process is called is no name that a document refers to.</summary>
    public static IEnumerable<string> NamesOf(ServiceRow row) =>
        row.Names.Where(name => name.Source is "telemetry" or "obi" or "declared").Select(name => name.Name).Prepend(row.Declared).Prepend(row.Name).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);
}
