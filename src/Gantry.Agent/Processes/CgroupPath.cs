using System.Buffers;
using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// systemd unit, container and pod out of /proc/PID/cgroup, lines "hierarchy:controllers:path" (v1 has many, v2 the one "0::path"). The shapes:
/// <code>
/// /system.slice/nginx.service                                         unit
/// /system.slice/docker-{64 hex}.scope                                 container (Docker, systemd driver)
/// /docker/{64 hex}                                                    container (Docker, cgroupfs driver)
/// /kubepods/burstable/pod{uid}/{64 hex}                               pod and container (Kubernetes, cgroupfs driver)
/// /kubepods.slice/…-pod{uid, _ for -}.slice/cri-containerd-{64 hex}.scope, crio-{64 hex}.scope, the same (Kubernetes, systemd driver)
/// /system.slice/containerd.service/kubepods-…:cri-containerd:{64 hex} container (containerd as a child of its service)
/// </code>
/// </summary>
internal readonly record struct CgroupPath(string Unit, string ContainerId, string PodUid = "")
{
    private const int IdLength = 64;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    public static CgroupPath Parse(ReadOnlySpan<byte> text)
    {
        var unit = "";
        var container = "";
        var pod = "";
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            // The path may hold colons, the first two fields cannot.
            var first = line.IndexOf((byte)':');
            var second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0)
            {
                continue;
            }

            var controllers = line[(first + 1)..(first + 1 + second)];
            var path = line[(first + second + 2)..];
            container = container.Length > 0 ? container : FindContainer(path);
            pod = pod.Length > 0 ? pod : FindPod(path);
            // systemd's own tree says it, v1's name=systemd or v2's; controllers of v1 may be mounted otherwise.
            if (unit.Length == 0 && (controllers.IsEmpty || controllers.SequenceEqual("name=systemd"u8)))
            {
                unit = FindUnit(path);
            }
        }

        return new CgroupPath(unit, container, pod);
    }

    /// <summary>
    /// The host's own service. Below user@1000.service, a scope, or what LXC and nspawn call a payload, services are others': of a user's manager, or of a container's. A unit
    /// of that name may well be the host's too, and is another.
    /// </summary>
    private static string FindUnit(ReadOnlySpan<byte> path)
    {
        var found = "";
        foreach (var range in path.Split((byte)'/'))
        {
            var part = path[range];
            if (part.EndsWith(".scope"u8) || part.StartsWith("lxc"u8) || part.IndexOf(".payload"u8) >= 0 || part.SequenceEqual("payload"u8) || part.SequenceEqual("machine.slice"u8))
            {
                return found;
            }

            if (part.EndsWith(".service"u8))
            {
                found = Encoding.UTF8.GetString(part);
                if (part.StartsWith("user@"u8))
                {
                    return found;
                }
            }
        }

        return found;
    }

    private static string FindContainer(ReadOnlySpan<byte> path)
    {
        var found = "";
        foreach (var range in path.Split((byte)'/'))
        {
            var part = path[range];
            if (part.EndsWith(".scope"u8))
            {
                part = part[..^6];
            }

            if (part.Length < IdLength)
            {
                continue;
            }

            // The id ends the name, alone or behind the runtime's: "docker-", "cri-containerd-", "crio-", "libpod-", "cri-containerd:pod:".
            var id = part[^IdLength..];
            if (IsHex(id) && (part.Length == IdLength || part[^(IdLength + 1)] is (byte)'-' or (byte)':'))
            {
                found = Encoding.ASCII.GetString(id);
            }
        }

        return found;
    }

    /// <summary>
    /// "pod" and a UID: a UUID, with _ for - in the name of a slice; or, for the pods of a node's own files, 32 hexadecimal digits.
    /// </summary>
    private static string FindPod(ReadOnlySpan<byte> path)
    {
        const int Uuid = 36;
        const int Hash = 32;
        var isKubernetes = path.IndexOf("kubepods"u8) >= 0;
        for (var at = 0; at < path.Length;)
        {
            var found = path[at..].IndexOf("pod"u8);
            if (found < 0)
            {
                break;
            }

            var start = at + found;
            at = start + 3;
            var isBegin = start > 0 && path[start - 1] is (byte)'/' or (byte)'-';
            if (isBegin && TryUid(path[at..], Uuid, out var uid))
            {
                return uid;
            }

            if (isBegin && isKubernetes && TryUid(path[at..], Hash, out uid))
            {
                return uid;
            }
        }

        return "";
    }

    private static bool TryUid(ReadOnlySpan<byte> text, int length, out string uid)
    {
        uid = "";
        if (text.Length < length || (text.Length > length && text[length] is not ((byte)'/' or (byte)'.' or (byte)':')))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[length];
        text[..length].Replace(plain, (byte)'_', (byte)'-');
        for (var i = 0; i < length; i++)
        {
            var isDash = length == 36 && i is 8 or 13 or 18 or 23;
            if (isDash ? plain[i] != (byte)'-' : !Hex.Contains(plain[i]))
            {
                return false;
            }
        }

        uid = Encoding.ASCII.GetString(plain);
        return true;
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Hex);
}
