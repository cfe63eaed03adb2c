using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>A nested message.</summary>
internal sealed class MessageKind<TMessage> : ValueKind<TMessage>
    where TMessage : class, IWireMessage, IJsonMessage, new()
{
    public static MessageKind<TMessage> Instance { get; } = new();

    public override WireType WireType => WireType.LengthDelimited;

    public override TMessage Default => new();

    public override void Write(ProtoWriter writer, int field, TMessage value) => writer.Message(field, value);

    public override TMessage Read(ref ProtoReader reader, TMessage? current) => reader.ReadInto(current ?? new TMessage());

    public override void WriteJson(Utf8JsonWriter writer, TMessage value) => value.WriteJson(writer);

    public override bool TryReadJson(JsonElement element, JsonReading reading, out TMessage value)
    {
        value = new TMessage();
        value.ReadJson(element, reading);
        return !reading.Failed;
    }
}
