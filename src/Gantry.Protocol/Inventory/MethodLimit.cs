using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>A method that an agent cannot carry out on its host: method = 1, reason = 2, message = 3.</summary>
public sealed class MethodLimit : IWireMessage
{
    /// <summary>Id, as in the catalogue.</summary>
    public string Method { get; set; } = "";

    /// <summary>One of <see cref="InstrumentationReasons"/>.</summary>
    public string Reason { get; set; } = "";

    /// <summary>For a person, with what would change it.</summary>
    public string Message { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Method);
        writer.String(2, Reason);
        writer.String(3, Message);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Method = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Reason = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Message = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
