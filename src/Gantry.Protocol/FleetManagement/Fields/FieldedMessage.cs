using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>
/// A message that says its fields once, and is read and written by that as protobuf and as JSON. For control traffic: each field costs a call of a
/// delegate, which telemetry could not pay.
/// </summary>
/// <typeparam name="T">The message itself.</typeparam>
public abstract class FieldedMessage<T> : IWireMessage, IJsonMessage
    where T : FieldedMessage<T>
{
    private protected abstract FieldTable<T> Fields { get; }

    public void WriteTo(ProtoWriter writer)
    {
        foreach (var field in Fields.All)
        {
            field.Write((T)this, writer);
        }
    }

    public bool ReadField(ref ProtoReader reader) => Fields.Find(reader.Field) is { } field && field.WireType == reader.WireType && field.Read((T)this, ref reader);

    public virtual void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var field in Fields.All)
        {
            field.WriteJson((T)this, writer);
        }

        writer.WriteEndObject();
    }

    public virtual void ReadJson(JsonElement value, JsonReading reading)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            reading.Fail("an object", value);
            return;
        }

        var seen = 0UL;
        foreach (var property in value.EnumerateObject())
        {
            if (Fields.Find(property) is not { } field)
            {
                continue;
            }

            reading.Enter(field.JsonName);
            var bit = 1UL << field.Number;
            if ((seen & bit) != 0)
            {
                reading.FailBecause($"is there twice; write {field.JsonName} or {field.Name}, once");
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                field.ReadJson((T)this, property.Value, reading);
            }

            seen |= bit;
            reading.Leave();
            if (reading.Failed)
            {
                return;
            }
        }
    }
}
