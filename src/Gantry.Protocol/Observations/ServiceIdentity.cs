using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>A service as its resource names it. Fields: id = 1, name = 2, namespace = 3, environment = 4.</summary>
public sealed class ServiceIdentity : IWireMessage
{
    /// <summary>Number that stands for this service in batches of the same gateway.</summary>
    public uint Id { get; set; }

    /// <summary>service.name; "unknown_service" when the resource has none, as SDKs have it.</summary>
    public string Name { get; set; } = "";

    /// <summary>service.namespace, or "".</summary>
    public string Namespace { get; set; } = "";

    /// <summary>deployment.environment.name, or "".</summary>
    public string Environment { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Id);
        writer.String(2, Name);
        writer.String(3, Namespace);
        writer.String(4, Environment);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Id = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Namespace = reader.ReadString();
                return true;
            case (4, WireType.LengthDelimited):
                Environment = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
