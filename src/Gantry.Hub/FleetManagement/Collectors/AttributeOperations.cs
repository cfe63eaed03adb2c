using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>
/// Operations on remote attributes, after JSON Patch (RFC 6902). Paths come in both forms that clients write: "remoteAttributes.team", and
/// "/remote_attributes/team" with ~1 for a slash and ~0 for a tilde.
/// </summary>
internal static class AttributeOperations
{
    private static readonly string[] Roots = ["remoteAttributes", "remote_attributes", "attributeOverrides", "attribute_overrides"];

    /// <summary>Applies one operation.</summary>
    /// <param name="field">"ops.0", for the message.</param>
    /// <returns>What is wrong; "" when nothing is.</returns>
    public static string Apply(Operation operation, Dictionary<string, string> attributes, string field)
    {
        if (KeyOf(operation.Path) is not { } key)
        {
            return $"{field}.path: \"{operation.Path}\": expected remoteAttributes.NAME or /remote_attributes/NAME";
        }

        switch (operation.Op)
        {
            case OperationType.Add when operation.Value is { } value:
                attributes[key] = value;
                return "";
            case OperationType.Replace when operation.Value is { } value:
                return Replace(attributes, key, value, operation.OldValue, field);
            case OperationType.Add or OperationType.Replace:
                return $"{field}.value: is missing; {operation.Op.ToString().ToUpperInvariant()} needs the value";
            case OperationType.Remove:
                return Remove(attributes, key, operation.Value, field);
            case OperationType.Move or OperationType.Copy:
                return Carry(operation, attributes, key, field);
            default:
                return $"{field}.op: expected ADD, REMOVE, REPLACE, MOVE or COPY";
        }
    }

    private static string Replace(Dictionary<string, string> attributes, string key, string value, string? old, string field)
    {
        if (!attributes.TryGetValue(key, out var current))
        {
            // Selective: those that have another value, or none, are not meant.
            return old is not null ? "" : $"{field}.path: there is no attribute \"{key}\"; ADD makes one";
        }

        attributes[key] = old is null || old == current ? value : current;
        return "";
    }

    private static string Remove(Dictionary<string, string> attributes, string key, string? only, string field)
    {
        if (!attributes.TryGetValue(key, out var current))
        {
            return only is not null ? "" : $"{field}.path: there is no attribute \"{key}\"";
        }

        if (only is null || only == current)
        {
            attributes.Remove(key);
        }

        return "";
    }

    private static string Carry(Operation operation, Dictionary<string, string> attributes, string key, string field)
    {
        if (KeyOf(operation.From ?? "") is not { } from)
        {
            return $"{field}.from: \"{operation.From}\": expected remoteAttributes.NAME or /remote_attributes/NAME";
        }

        if (!attributes.TryGetValue(from, out var value))
        {
            return $"{field}.from: there is no attribute \"{from}\"";
        }

        if (operation.Op == OperationType.Move)
        {
            attributes.Remove(from);
        }

        attributes[key] = value;
        return "";
    }

    /// <summary>Null when it is not the path of an attribute. Names may hold dots.</summary>
    private static string? KeyOf(string path)
    {
        var isPointer = path.StartsWith('/');
        foreach (var root in Roots)
        {
            var start = isPointer ? $"/{root}/" : $"{root}.";
            if (path.StartsWith(start, StringComparison.Ordinal) && path.Length > start.Length)
            {
                var key = path[start.Length..];
                return !isPointer ? key
                    : key.Contains('/', StringComparison.Ordinal) ? null
                    : key.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            }
        }

        return null;
    }
}
