using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>google.protobuf.Timestamp: seconds = 1, nanos = 2; in JSON RFC 3339.</summary>
internal sealed class TimestampKind : ValueKind<Timestamp>
{
    public static TimestampKind Instance { get; } = new();

    public override WireType WireType => WireType.LengthDelimited;

    public override Timestamp Default => default;

    public override void Write(ProtoWriter writer, int field, Timestamp value)
    {
        var mark = writer.Begin(field);
        writer.Int(1, value.Seconds);
        writer.Int(2, value.Nanos);
        writer.End(mark);
    }

    public override Timestamp Read(ref ProtoReader reader, Timestamp current)
    {
        var inner = reader.ReadNested();
        var (seconds, nanos) = (current.Seconds, current.Nanos);
        while (inner.Next())
        {
            switch (inner.Tag)
            {
                case (1, WireType.Varint):
                    seconds = (long)inner.ReadVarint();
                    break;
                case (2, WireType.Varint):
                    nanos = inner.ReadInt32();
                    break;
                default:
                    inner.Skip();
                    break;
            }
        }

        reader.FailFrom(inner.Error);
        return new Timestamp(seconds, nanos);
    }

    public override void WriteJson(Utf8JsonWriter writer, Timestamp value) => writer.WriteStringValue(value.ToString());

    public override bool TryReadJson(JsonElement element, JsonReading reading, out Timestamp value)
    {
        value = default;
        if (element.ValueKind == JsonValueKind.String && TextKind.Instance.TryReadJson(element, reading, out var text) && Timestamp.TryParse(text, out value))
        {
            return true;
        }

        reading.Fail("a time as 2026-11-22T12:00:00Z", element);
        return false;
    }
}
