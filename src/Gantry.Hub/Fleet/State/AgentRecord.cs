using Gantry.Hub.Fleet.Configs;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet;

/// <summary>
/// An agent as its row keeps it: the message that would tell everything again, and in fields from 101 what no agent tells. One format, no second mapping;
/// rows of before read as they are.
/// 101 desired hash, 102 desired at, 103 offered hash, 104 offered at, 105 attempts, 106 received at, 107 applied at, 108 status at, 109 last applied hash,
/// 110 rejected (1 hash, 2 message, 3 at), 111 operator attributes, 112 effective at, 113 in effect at, 114 rolled back. Times are milliseconds since 1970.
/// </summary>
internal sealed class AgentRecord : IWireMessage
{
    public AgentToServer Message { get; } = new();

    private byte[] DesiredHash { get; set; } = [];

    private readonly long[] _times = new long[114];

    private byte[] Offered { get; set; } = [];

    private byte[] LastApplied { get; set; } = [];

    private int Attempts { get; set; }

    private bool RolledBack { get; set; }

    private List<Rejection> Rejected { get; } = [];

    private List<TextEntry> Attributes { get; } = [];

    /// <summary>The row of an agent; it then counts as written.</summary>
    public static byte[] Of(AgentState agent)
    {
        (agent.WrittenSequence, agent.WrittenSeen) = (agent.SequenceNum, agent.LastSeen);
        var record = new AgentRecord();
        var message = record.Message;
        message.InstanceUid = agent.Uid.ToByteArray(bigEndian: true);
        message.SequenceNum = agent.SequenceNum;
        message.Capabilities = agent.Capabilities;
        message.Description = agent.Description;
        message.Health = agent.Health;
        message.CustomCapabilities = new CustomCapabilities { Names = [.. agent.CustomCapabilities] };
        message.PackageStatuses = agent.Packages;
        message.ConnectionSettingsStatus = agent.Settings;
        message.AvailableComponents = agent.ComponentsHash.Length > 0 ? new AvailableComponents { Hash = Convert.FromHexString(agent.ComponentsHash) } : null;
        if (agent.Effective is { } effective)
        {
            message.EffectiveConfig = new EffectiveConfig();
            message.EffectiveConfig.Map.Entries.AddRange(effective.Read().Entries);
        }

        record._times[112] = Milliseconds(agent.EffectiveAt);
        record.Attributes.AddRange(agent.OperatorAttributes.Select(pair => new TextEntry { Name = pair.Key, Value = pair.Value }));
        if (agent.Config is { } config)
        {
            record.Add(config);
        }

        return record.ToArray();
    }

    /// <returns>Null when the bytes are no record.</returns>
    public static AgentState? Restore(Guid uid, byte[] bytes, DateTimeOffset lastSeen, string transport, FleetStore fleet)
    {
        if (WireMessage.TryRead<AgentRecord>(bytes, out _) is not { } record)
        {
            return null;
        }

        var message = record.Message;
        return new AgentState(uid)
        {
            SequenceNum = message.SequenceNum,
            WrittenSequence = message.SequenceNum,
            Capabilities = message.Capabilities,
            Description = message.Description,
            Health = message.Health,
            CustomCapabilities = message.CustomCapabilities?.Names ?? [],
            Packages = message.PackageStatuses,
            Settings = message.ConnectionSettingsStatus,
            ComponentsHash = message.AvailableComponents is { } components ? TextPool.Shared.Get(Convert.ToHexStringLower(components.Hash)) : "",
            ComponentsUnknown = message.AvailableComponents is not null && message.Capabilities.HasFlag(AgentCapabilities.ReportsAvailableComponents),
            Effective = message.EffectiveConfig is { } effective ? fleet.Keep(effective.Map) : null,
            EffectiveAt = At(record._times[112]),
            OperatorAttributes = record.Attributes.Count == 0 ? AgentState.NoAttributes : record.Attributes.ToDictionary(entry => entry.Name, entry => entry.Value),
            Config = record.Config(),
            LastSeen = lastSeen,
            WrittenSeen = lastSeen,
            Transport = transport,
            IsRestored = true,
            Dirty = false,
        };
    }

    public void WriteTo(ProtoWriter writer)
    {
        Message.WriteTo(writer);
        writer.Bytes(101, DesiredHash);
        writer.Bytes(103, Offered);
        writer.Int(105, Attempts);
        writer.Bytes(109, LastApplied);
        writer.Messages(110, Rejected);
        writer.Messages(111, Attributes);
        writer.Bool(114, RolledBack);
        foreach (var field in (ReadOnlySpan<int>)[102, 104, 106, 107, 108, 112, 113])
        {
            writer.Int(field, _times[field]);
        }
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (101, WireType.LengthDelimited):
                DesiredHash = reader.ReadBytes().ToArray();
                return true;
            case (103, WireType.LengthDelimited):
                Offered = reader.ReadBytes().ToArray();
                return true;
            case (105, WireType.Varint):
                Attempts = reader.ReadInt32();
                return true;
            case (109, WireType.LengthDelimited):
                LastApplied = reader.ReadBytes().ToArray();
                return true;
            case (110, WireType.LengthDelimited):
                Rejected.Add(reader.ReadInto(new Rejection()));
                return true;
            case (111, WireType.LengthDelimited):
                Attributes.Add(reader.ReadInto(new TextEntry()));
                return true;
            case (114, WireType.Varint):
                RolledBack = reader.ReadBool();
                return true;
            case ( > 100 and < 114 and var field, WireType.Varint):
                _times[field] = (long)reader.ReadVarint();
                return true;
            default:
                return Message.ReadField(ref reader);
        }
    }

    private void Add(ConfigState config)
    {
        if (config.StatusAt is not null)
        {
            Message.RemoteConfigStatus = new RemoteConfigStatus { LastHash = config.LastHash, State = config.Status, ErrorMessage = config.Message };
        }

        DesiredHash = config.Desired?.Hash ?? config.RestoredDesired;
        Offered = config.Offered ?? [];
        LastApplied = config.LastApplied;
        (Attempts, RolledBack) = (config.Attempts, config.RolledBack);
        Rejected.AddRange(config.Rejected.Select(item => new Rejection { Hash = item.Hash, Message = item.Message, At = Milliseconds(item.At) }));
        (_times[102], _times[104], _times[106], _times[107], _times[108], _times[113]) =
            (Milliseconds(config.DesiredAt), Milliseconds(config.OfferedAt), Milliseconds(config.ReceivedAt), Milliseconds(config.AppliedAt),
                Milliseconds(config.StatusAt), Milliseconds(config.InEffectAt));
    }

    private ConfigState? Config()
    {
        if (DesiredHash.Length == 0 && Message.RemoteConfigStatus is null && Rejected.Count == 0)
        {
            return null;
        }

        var config = new ConfigState
        {
            RestoredDesired = DesiredHash,
            DesiredAt = At(_times[102]),
            Offered = Offered.Length > 0 ? Offered : null,
            OfferedAt = At(_times[104]),
            Attempts = Attempts,
            LastHash = Message.RemoteConfigStatus?.LastHash ?? [],
            Status = Message.RemoteConfigStatus?.State ?? RemoteConfigState.Unset,
            Message = Message.RemoteConfigStatus?.ErrorMessage ?? "",
            StatusAt = At(_times[108]),
            ReceivedAt = At(_times[106]),
            AppliedAt = At(_times[107]),
            InEffectAt = At(_times[113]),
            LastApplied = LastApplied,
            RolledBack = RolledBack,
        };
        config.Rejected.AddRange(Rejected.Select(item => new RejectedConfig(item.Hash, item.Message, At(item.At) ?? default)));
        return config;
    }

    private static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;

    private static DateTimeOffset? At(long milliseconds) => milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private sealed class Rejection : IWireMessage
    {
        public byte[] Hash { get; set; } = [];

        public string Message { get; set; } = "";

        public long At { get; set; }

        public void WriteTo(ProtoWriter writer)
        {
            writer.Bytes(1, Hash);
            writer.String(2, Message);
            writer.Int(3, At);
        }

        public bool ReadField(ref ProtoReader reader)
        {
            switch (reader.Tag)
            {
                case (1, WireType.LengthDelimited):
                    Hash = reader.ReadBytes().ToArray();
                    return true;
                case (2, WireType.LengthDelimited):
                    Message = reader.ReadString();
                    return true;
                case (3, WireType.Varint):
                    At = (long)reader.ReadVarint();
                    return true;
                default:
                    return false;
            }
        }
    }
}
