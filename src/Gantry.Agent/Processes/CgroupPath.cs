using System.Buffers;
using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// systemd unit and container out of /proc/PID/cgroup, lines "hierarchy:controllers:path" (v1 has many, v2 the one "0::path"). The shapes:
/// <code>
/// /system.slice/nginx.service                                         unit
/// /system.slice/docker-{64 hex}.scope                                 container (Docker, systemd driver)
/// /docker/{64 hex}                                                    container (Docker, cgroupfs driver)
/// /kubepods/burstable/pod{uid}/{64 hex}                               container (Kubernetes, cgroupfs driver)
/// /kubepods.slice/…/cri-containerd-{64 hex}.scope, crio-{64 hex}.scope container (Kubernetes, systemd driver)
/// /system.slice/containerd.service/kubepods-…:cri-containerd:{64 hex} container (containerd as a child of its service)
/// </code>
/// </summary>
internal readonly record struct CgroupPath(string Unit, string ContainerId)
{
    private const int IdLength = 64;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    public static CgroupPath Parse(ReadOnlySpan<byte> text)
    {
        var unit = "";
        var container = "";
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
            // systemd's own tree says it, v1's name=systemd or v2's; controllers of v1 may be mounted otherwise.
            if (unit.Length == 0 && (controllers.IsEmpty || controllers.SequenceEqual("name=systemd"u8)))
            {
                unit = FindUnit(path);
            }
        }

        return new CgroupPath(unit, container);
    }

    /// <summary>The innermost service: below user@1000.service run the services of that user.</summary>
    private static string FindUnit(ReadOnlySpan<byte> path)
    {
        var found = "";
        foreach (var range in path.Split((byte)'/'))
        {
            var part = path[range];
            if (part.EndsWith(".service"u8))
            {
                found = Encoding.UTF8.GetString(part);
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

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Hex);
}
