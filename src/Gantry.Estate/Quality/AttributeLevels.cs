namespace Gantry.Estate.Quality;

/// <summary>
/// Attributes that the semantic conventions know at one level only. What they allow at several (process, cloud, server, network) is in neither list,
/// so that nobody is told off for what is right. Keys are UTF-8, because they are looked at where they lie.
/// </summary>
public static class AttributeLevels
{
    private static readonly byte[][] ResourceKeys =
    [
        .. Bytes("service.name", "service.namespace", "service.version", "service.instance.id", "deployment.environment.name", "deployment.environment", "host.id", "host.name", "host.arch", "host.type"),
    ];

    private static readonly byte[][] ResourcePrefixes =
        [.. Bytes("telemetry.sdk.", "telemetry.distro.", "k8s.pod.", "k8s.node.", "k8s.cluster.", "k8s.container.", "k8s.deployment.", "k8s.replicaset.", "k8s.statefulset.", "k8s.daemonset.")];

    private static readonly byte[][] OperationPrefixes =
        [.. Bytes("http.request.", "http.response.", "http.route", "url.", "db.query.", "db.operation.", "db.collection.", "db.response.", "db.statement", "rpc.", "messaging.", "exception.", "graphql.", "error.type", "http.method", "http.status_code", "http.url", "http.target")];

    /// <summary>It belongs to a resource, and to nothing else.</summary>
    public static bool IsResourceOnly(ReadOnlySpan<byte> key)
    {
        // Nearly every key begins with another letter.
        if (key.Length < 7 || key[0] is not ((byte)'s' or (byte)'d' or (byte)'h' or (byte)'t' or (byte)'k'))
        {
            return false;
        }

        foreach (var known in ResourceKeys)
        {
            if (key.SequenceEqual(known))
            {
                return true;
            }
        }

        return StartsWithAny(key, ResourcePrefixes);
    }

    /// <summary>It belongs to a span or a log record, never to a resource.</summary>
    public static bool IsOperationOnly(ReadOnlySpan<byte> key) => StartsWithAny(key, OperationPrefixes);

    private static bool StartsWithAny(ReadOnlySpan<byte> key, byte[][] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (key.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<byte[]> Bytes(params string[] texts) => texts.Select(System.Text.Encoding.UTF8.GetBytes);
}
