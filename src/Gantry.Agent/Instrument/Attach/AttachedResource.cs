using System.Security.Cryptography;
using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Protocol.OpAmp;

namespace Gantry.Agent.Instrument.Attach;

/// <summary>The resource of what an attached process says.</summary>
internal static class AttachedResource
{
    public const string Distro = Gantry.Estate.Instrumentation.KnownDistros.Attach;

    public static List<KeyValue> Of(Target target, RuntimeFacts runtime, HostIdentity host, string agentVersion)
    {
        var process = target.Process;
        var space = target.Rule.Namespace.Length > 0 ? target.Rule.Namespace : process.DeclaredNamespace;
        var service = target.Rule.ServiceOf(process);
        List<KeyValue> attributes =
        [
            new("service.name", service.Length > 0 ? service : runtime.EntryAssembly),
            new("service.instance.id", InstanceId(process, host)),
            new("host.id", host.Id), new("host.name", host.Name), new("host.arch", host.Architecture), new("os.type", "linux"),
            new("process.pid", (long)process.Pid), new("process.runtime.name", ".NET"), new("process.runtime.version", runtime.Version),
            new("telemetry.sdk.language", "dotnet"), new("telemetry.distro.name", Distro), new("telemetry.distro.version", agentVersion),
        ];
        Add(attributes, "service.namespace", space);
        Add(attributes, "container.id", process.ContainerId);
        Add(attributes, "k8s.pod.uid", process.PodUid);
        return attributes;
    }

    /// <summary>The same for the same process, however often it is attached to: a UUID out of host, pid and start (RFC 9562, version 8).</summary>
    private static string InstanceId(Gantry.Protocol.Inventory.ProcessFact process, HostIdentity host)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{host.Id}/{process.Pid}/{process.StartUnixNano}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static void Add(List<KeyValue> attributes, string key, string value)
    {
        if (value.Length > 0)
        {
            attributes.Add(new KeyValue(key, value));
        }
    }
}
