using Gantry.Protocol.OpAmp;

namespace Gantry.Conformance;

/// <summary>An agent that counts and reports as the specification has it; checks bend what they need bent.</summary>
public sealed class TestAgent(AgentCapabilities capabilities)
{
    public const AgentCapabilities Usual = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat;

    public const AgentCapabilities Managed = Usual | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig;

    public Guid Uid { get; set; } = Guid.CreateVersion7();

    public ulong Sequence { get; set; }

    public AgentCapabilities Capabilities { get; set; } = capabilities;

    public string Host { get; init; } = $"conformance-{Guid.NewGuid():N}";

    public byte[] UidBytes => Uid.ToByteArray(bigEndian: true);

    /// <summary>Uid, number and capabilities: nothing has changed.</summary>
    public AgentToServer Beat() => new() { InstanceUid = UidBytes, SequenceNum = ++Sequence, Capabilities = Capabilities };

    public AgentToServer Full()
    {
        var message = Beat();
        message.Description = new AgentDescription
        {
            Identifying = { new KeyValue("service.name", "io.gantry.conformance"), new KeyValue("service.instance.id", Uid.ToString()), new KeyValue("service.version", "1") },
            NonIdentifying = { new KeyValue("host.name", Host), new KeyValue("os.type", "linux") },
        };
        message.Health = Capabilities.HasFlag(AgentCapabilities.ReportsHealth) ? new ComponentHealth { Healthy = true } : null;
        message.EffectiveConfig = Capabilities.HasFlag(AgentCapabilities.ReportsEffectiveConfig) ? Effective("receivers: {}\n") : null;
        return message;
    }

    public AgentToServer Status(byte[] hash, RemoteConfigState state, string message = "")
    {
        var report = Beat();
        report.RemoteConfigStatus = new RemoteConfigStatus { LastHash = hash, State = state, ErrorMessage = message };
        return report;
    }

    public static EffectiveConfig Effective(string body)
    {
        var effective = new EffectiveConfig();
        effective.Map.Entries.Add(new NamedConfig { Config = new AgentConfigObject { Body = System.Text.Encoding.UTF8.GetBytes(body), ContentType = "text/yaml" } });
        return effective;
    }
}
