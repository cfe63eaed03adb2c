namespace Gantry.Protocol.Wire;

/// <summary>The low three bits of a protobuf tag. Groups (3 and 4) are refused: no OTLP or OpAMP message ever had one.</summary>
public enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
