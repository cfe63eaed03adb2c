using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>
/// What an agent found running on its host; it travels as an OpAMP custom message (<see cref="Capability"/>, <see cref="MessageType"/>).
/// Fields: host_id = 1, host_name = 2, boot_unix_nano = 3, scanned_unix_nano = 4, processes = 5, unreadable = 6, limits = 7, method_limits = 8, allowed_units = 9.
/// Always the whole list: a process that is missing has ended.
/// </summary>
public sealed class ProcessInventory : IWireMessage
{
    public const string Capability = "io.gantry.inventory/1";
    public const string MessageType = "processes";

    public string HostId { get; set; } = "";

    public string HostName { get; set; } = "";

    public ulong BootUnixNano { get; set; }

    public ulong ScannedUnixNano { get; set; }

    public List<ProcessFact> Processes { get; } = [];

    /// <summary>Processes whose details the agent had no right to read.</summary>
    public uint Unreadable { get; set; }

    /// <summary>In words, what could not be read and why; empty when nothing was withheld.</summary>
    public string Limits { get; set; } = "";

    /// <summary>What this host keeps its agent from, whatever the process is: no right, nothing installed, no line in the guard file.</summary>
    public List<MethodLimit> MethodLimits { get; } = [];

    /// <summary>Patterns of the units that the guard file lets the agent write drop-ins for.</summary>
    public List<string> AllowedUnits { get; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, HostId);
        writer.String(2, HostName);
        writer.Fixed64(3, BootUnixNano);
        writer.Fixed64(4, ScannedUnixNano);
        writer.Messages(5, Processes);
        writer.Varint(6, Unreadable);
        writer.String(7, Limits);
        writer.Messages(8, MethodLimits);
        writer.Strings(9, AllowedUnits);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                HostId = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                HostName = reader.ReadString();
                return true;
            case (3, WireType.Fixed64):
                BootUnixNano = reader.ReadFixed64();
                return true;
            case (4, WireType.Fixed64):
                ScannedUnixNano = reader.ReadFixed64();
                return true;
            case (5, WireType.LengthDelimited):
                Processes.Add(reader.ReadInto(new ProcessFact()));
                return true;
            case (6, WireType.Varint):
                Unreadable = (uint)reader.ReadVarint();
                return true;
            case (7, WireType.LengthDelimited):
                Limits = reader.ReadString();
                return true;
            case (8, WireType.LengthDelimited):
                MethodLimits.Add(reader.ReadInto(new MethodLimit()));
                return true;
            case (9, WireType.LengthDelimited):
                AllowedUnits.Add(reader.ReadString());
                return true;
            default:
                return false;
        }
    }
}
