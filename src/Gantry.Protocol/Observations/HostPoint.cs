using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// The newest value of one host metric. Fields: host_id = 1, host_name = 2, metric = 3, attributes = 4, value = 5, time_unix_nano = 6,
/// cumulative = 7, start_unix_nano = 8.
/// </summary>
public sealed class HostPoint : IWireMessage
{
    /// <summary>host.id, or host.name where there is no id.</summary>
    public string HostId { get; set; } = "";

    public string HostName { get; set; } = "";

    /// <summary>"system.cpu.utilization"</summary>
    public string Metric { get; set; } = "";

    public List<StringPair> Attributes { get; } = [];

    public double Value { get; set; }

    public ulong TimeUnixNano { get; set; }

    /// <summary>A counter since <see cref="StartUnixNano"/>: only its increase means something.</summary>
    public bool Cumulative { get; set; }

    public ulong StartUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, HostId);
        writer.String(2, HostName);
        writer.String(3, Metric);
        writer.Messages(4, Attributes);
        writer.Double(5, Value);
        writer.Fixed64(6, TimeUnixNano);
        writer.Bool(7, Cumulative);
        writer.Fixed64(8, StartUnixNano);
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
            case (3, WireType.LengthDelimited):
                Metric = reader.ReadString();
                return true;
            case (4, WireType.LengthDelimited):
                Attributes.Add(reader.ReadInto(new StringPair()));
                return true;
            case (5, WireType.Fixed64):
                Value = reader.ReadDouble();
                return true;
            case (6, WireType.Fixed64):
                TimeUnixNano = reader.ReadFixed64();
                return true;
            case (7, WireType.Varint):
                Cumulative = reader.ReadBool();
                return true;
            case (8, WireType.Fixed64):
                StartUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}
