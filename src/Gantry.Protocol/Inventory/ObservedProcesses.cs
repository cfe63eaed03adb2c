using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>
/// The hub's word to an agent: of these processes of its host, telemetry arrived since they started. A custom message (<see cref="ProcessInventory.Capability"/>,
/// <see cref="MessageType"/>); always the whole set. Fields: processes = 1.
/// </summary>
public sealed class ObservedProcesses : IWireMessage
{
    public const string MessageType = "observed";

    public List<ObservedProcess> Processes { get; } = [];

    public void WriteTo(ProtoWriter writer) => writer.Messages(1, Processes);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Processes.Add(reader.ReadInto(new ObservedProcess()));
        return true;
    }
}

/// <summary>pid = 1, start_unix_nano = 2, as the inventory has them.</summary>
public sealed class ObservedProcess : IWireMessage
{
    public uint Pid { get; set; }

    public ulong StartUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Pid);
        writer.Fixed64(2, StartUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Pid = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.Fixed64):
                StartUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}
