using Gantry.Gateway.Observe.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>Reads a resource's identity: which service, host and process it is. Runs once per distinct resource.</summary>
internal static class ResourceReader
{
    public const string UnknownService = "unknown_service";

    // A value longer than this identifies nothing that a person can read, and it would be kept.
    private const int MaxValueLength = 512;

    private static readonly HashSet<string> Identifying = [.. SourceAttributes.All];

    public static ResourceEntry Read(ReadOnlySpan<byte> resource, ServiceRegistry services, ulong nowUnixNano)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new ProtoReader(resource);
        while (reader.Next())
        {
            if (reader.Tag is (1, WireType.LengthDelimited))
            {
                var pair = reader.ReadInto(new KeyValue());
                var value = pair.Value.ToString();
                all[pair.Key] = value.Length > MaxValueLength ? value[..MaxValueLength] : value;
            }
            else
            {
                reader.Skip();
            }
        }

        string Of(string key) => all.GetValueOrDefault(key, "");

        var hostId = Of("host.id") is { Length: > 0 } id ? id : Of("host.name");
        var source = new TelemetrySource { Service = ServiceOf(all, hostId, services) };
        source.Attributes.AddRange(all
            .Where(pair => Identifying.Contains(pair.Key) && pair.Value.Length > 0)
            .Select(pair => new StringPair { Key = pair.Key, Value = pair.Value }));
        return new ResourceEntry(resource.ToArray(), source, hostId, nowUnixNano) { Missing = ResourceAttributes.MissingIn(all), Quality = ResourceQuality.Of(all) };
    }

    /// <summary>A host's own resource has a host and no service.name; everything else is a service, if need be an unknown one.</summary>
    private static uint ServiceOf(Dictionary<string, string> attributes, string hostId, ServiceRegistry services)
    {
        if (!attributes.TryGetValue("service.name", out var name) || name.Length == 0)
        {
            if (hostId.Length > 0)
            {
                return 0;
            }

            name = UnknownService;
        }

        var environment = attributes.GetValueOrDefault("deployment.environment.name") ?? attributes.GetValueOrDefault("deployment.environment", "");
        return services.IdOf(name, attributes.GetValueOrDefault("service.namespace", ""), environment);
    }
}
