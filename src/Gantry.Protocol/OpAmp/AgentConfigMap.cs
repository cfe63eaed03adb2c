using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>AgentConfigMap: config_map = 1 (name → AgentConfigObject); an empty name is allowed.</summary>
public sealed class AgentConfigMap : IWireMessage
{
    public List<NamedConfig> Entries { get; } = [];

    public void WriteTo(ProtoWriter writer) => writer.Messages(1, Entries);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        Entries.Add(reader.ReadInto(new NamedConfig()));
        return true;
    }
}

/// <summary>An entry of config_map: key = 1, value = 2.</summary>
public sealed class NamedConfig : IWireMessage
{
    public string Name { get; set; } = "";

    public AgentConfigObject Config { get; set; } = new();

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.Message(2, Config);
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
                Config = reader.ReadInto(new AgentConfigObject());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>AgentConfigObject (before v0.20: AgentConfigFile): body = 1, content_type = 2, role = 3.</summary>
public sealed class AgentConfigObject : IWireMessage
{
    public byte[] Body { get; set; } = [];

    public string ContentType { get; set; } = "";

    public string Role { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, Body);
        writer.String(2, ContentType);
        writer.String(3, Role);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Body = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.LengthDelimited):
                ContentType = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Role = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
