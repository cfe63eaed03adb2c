using System.Text;
using Gantry.Protocol.OpAmp;
using CpuArchitecture = System.Runtime.InteropServices.Architecture;

namespace Gantry.Agent.Host;

/// <summary>Who this host is, as resource attributes of the conventions.</summary>
internal sealed record HostIdentity(string Id, string Name, string Architecture, string OsDescription, string OsVersion)
{
    /// <param name="proc">For the kernel's host name.</param>
    /// <param name="sys">For the board's id, where there is no machine id.</param>
    /// <param name="etc">Folder of machine-id and os-release.</param>
    public static HostIdentity Read(ProcFiles proc, ProcFiles sys, ProcFiles etc)
    {
        var name = proc.TryRead("sys/kernel/hostname"u8, out var text, 256) == FileOutcome.Ok ? Clean(text) : "";
        name = name.Length > 0 ? name : Environment.MachineName;
        var (description, version) = ReadOsRelease(etc);
        return new HostIdentity(ReadId(sys, etc, name), name, ArchitectureName(), description, version);
    }

    /// <summary>The resource of what the agent sends. No service.name: a host is no service.</summary>
    public List<KeyValue> ToResource(string agentVersion) =>
    [
        new("host.id", Id), new("host.name", Name), new("host.arch", Architecture), new("os.type", "linux"),
        new("telemetry.distro.name", "gantry-agent"), new("telemetry.distro.version", agentVersion),
    ];

    private static string ReadId(ProcFiles sys, ProcFiles etc, string name)
    {
        if (etc.TryRead("machine-id"u8, out var text, 256) == FileOutcome.Ok && Clean(text) is { Length: 32 } machine)
        {
            return machine;
        }

        // Images leave machine-id empty or "uninitialized" for the first boot to fill.
        return sys.TryRead("class/dmi/id/product_uuid"u8, out text, 256) == FileOutcome.Ok && Clean(text) is { Length: > 0 } board
            ? board
            : name;
    }

    private static (string Description, string Version) ReadOsRelease(ProcFiles etc)
    {
        var description = "";
        var version = "";
        if (etc.TryRead("os-release"u8, out var text, 16 * 1024) == FileOutcome.Ok)
        {
            var cursor = new TextCursor(text);
            while (cursor.NextLine(out var line))
            {
                if (line.StartsWith("PRETTY_NAME="u8))
                {
                    description = Clean(line[12..]);
                }
                else if (line.StartsWith("VERSION_ID="u8))
                {
                    version = Clean(line[11..]);
                }
            }
        }

        return (description, version);
    }

    private static string Clean(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Trim("\"' \n\r\t\0"u8));

    private static string ArchitectureName() => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        CpuArchitecture.X64 => "amd64",
        CpuArchitecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
