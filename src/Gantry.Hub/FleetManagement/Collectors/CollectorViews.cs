using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Collectors as the contract shows them. Deprecated fields repeat their successors, for tools that read only those.</summary>
internal static class CollectorViews
{
    public static Collector ToMessage(StoredCollector stored, string id)
    {
        var message = new Collector
        {
            Id = id,
            Name = stored.Name,
            Enabled = stored.Enabled,
            CollectorType = stored.Kind == CollectorKind.Alloy ? CollectorType.Alloy : CollectorType.Otel,
            CreatedAt = Timestamp.From(stored.Created),
            UpdatedAt = Timestamp.From(stored.Updated),
            MarkedInactiveAt = stored.Inactive is { } at ? Timestamp.From(at) : null,
        };
        Copy(stored.Local, message.LocalAttributes, message.Attributes);
        Copy(stored.Remote, message.RemoteAttributes, message.AttributeOverrides);
        return message;
    }

    /// <summary>Every value of every attribute, in ordinal order.</summary>
    public static Dictionary<string, AttributeValues> ValuesOf(IEnumerable<IReadOnlyDictionary<string, string>> collectors)
    {
        var all = new Dictionary<string, SortedSet<string>>();
        foreach (var (key, value) in collectors.SelectMany(attributes => attributes))
        {
            (all.TryGetValue(key, out var values) ? values : all[key] = new SortedSet<string>(StringComparer.Ordinal)).Add(value);
        }

        return all.ToDictionary(item => item.Key, item => new AttributeValues { Values = [.. item.Value.Select(value => new AttributeValue { Value = value })] });
    }

    private static void Copy(IReadOnlyDictionary<string, string> from, params ReadOnlySpan<Dictionary<string, string>> targets)
    {
        foreach (var target in targets)
        {
            foreach (var (key, value) in from)
            {
                target[key] = value;
            }
        }
    }
}
