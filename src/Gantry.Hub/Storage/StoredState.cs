using System.Text.Json;
using Gantry.Estate.Ladder;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Storage;

/// <summary>A service as it lies in its row.</summary>
internal sealed record StoredService(
    ServiceKey Key, Dictionary<string, Sighting> Sightings, List<StoredSource> Sources, DateTimeOffset LastSeen, DateTimeOffset? SampledAt)
{
    public static StoredService From(ServiceState service) => new(
        service.Key,
        service.Sightings,
        [.. service.Sources.Values.Select(source => new StoredSource(new Dictionary<string, string>(source.Attributes), source.LastSeen))],
        service.LastSeen,
        service.SampledAt);

    public string ToJson() => JsonSerializer.Serialize(this);
}

internal sealed record StoredSource(Dictionary<string, string> Attributes, DateTimeOffset LastSeen);

/// <summary>A host as it lies in its row.</summary>
internal sealed record StoredHost(string Id, string Name, Dictionary<string, Sighting> Sightings, DateTimeOffset LastSeen)
{
    public static StoredHost From(HostState host) => new(host.Id, host.Name, host.Sightings, host.LastSeen);

    public string ToJson() => JsonSerializer.Serialize(this);
}
