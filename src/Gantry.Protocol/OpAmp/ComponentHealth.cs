using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// ComponentHealth: healthy = 1, start_time_unix_nano = 2, last_error = 3, status = 4, status_time_unix_nano = 5,
/// component_health_map = 6 (name → ComponentHealth), attributes = 7.
/// </summary>
public sealed class ComponentHealth : IWireMessage
{
    public bool Healthy { get; set; }

    public ulong StartTimeUnixNano { get; set; }

    public string LastError { get; set; } = "";

    public string Status { get; set; } = "";

    public ulong StatusTimeUnixNano { get; set; }

    public List<NamedHealth> Components { get; } = [];

    public List<KeyValue> Attributes { get; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bool(1, Healthy);
        writer.Fixed64(2, StartTimeUnixNano);
        writer.String(3, LastError);
        writer.String(4, Status);
        writer.Fixed64(5, StatusTimeUnixNano);
        writer.Messages(6, Components);
        writer.Messages(7, Attributes);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Healthy = reader.ReadBool();
                return true;
            case (2, WireType.Fixed64):
                StartTimeUnixNano = reader.ReadFixed64();
                return true;
            case (3, WireType.LengthDelimited):
                LastError = reader.ReadString();
                return true;
            case (4, WireType.LengthDelimited):
                Status = reader.ReadString();
                return true;
            case (5, WireType.Fixed64):
                StatusTimeUnixNano = reader.ReadFixed64();
                return true;
            case (6, WireType.LengthDelimited):
                Components.Add(reader.ReadInto(new NamedHealth()));
                return true;
            case (7, WireType.LengthDelimited):
                Attributes.Add(reader.ReadInto(new KeyValue()));
                return true;
            default:
                return false;
        }
    }
}

/// <summary>An entry of component_health_map: key = 1, value = 2.</summary>
public sealed class NamedHealth : IWireMessage
{
    public string Name { get; set; } = "";

    public ComponentHealth Health { get; set; } = new();

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.Message(2, Health);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                // Parsers disagree about a map entry whose value comes twice (C++ merges, C# takes the last); we take the last.
                Health = reader.ReadInto(new ComponentHealth());
                return true;
            default:
                return false;
        }
    }
}
