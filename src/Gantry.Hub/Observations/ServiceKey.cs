using System.Security.Cryptography;
using System.Text;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>What makes a service one service: its name, namespace and environment.</summary>
public readonly record struct ServiceKey(string Name, string Namespace, string Environment)
{
    public static ServiceKey Of(ServiceIdentity identity) => new(identity.Name, identity.Namespace, identity.Environment);

    /// <summary>For URLs and JSON: readable, stable, and one for one with the key.</summary>
    public string Id => RowId.Of(Name, Name, Namespace, Environment);
}

/// <summary>Ids of rows: what a person can read, and a hash that makes it unique.</summary>
public static class RowId
{
    private const int MaxReadable = 40;

    public static string Of(string readable, params ReadOnlySpan<string> parts)
    {
        var slug = new StringBuilder();
        foreach (var c in readable.ToLowerInvariant())
        {
            slug.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-');
            if (slug.Length == MaxReadable)
            {
                break;
            }
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts!)));
        return $"{slug}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }
}
