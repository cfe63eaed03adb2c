using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>An enum whose values are 0, 1, 2 …; numbers beyond are kept, as proto3 has it.</summary>
/// <param name="names">As the contract spells them, from 0.</param>
internal sealed class EnumKind<TEnum>(Func<TEnum, int> toNumber, Func<int, TEnum> fromNumber, params string[] names) : ValueKind<TEnum>
    where TEnum : struct, Enum
{
    public override WireType WireType => WireType.Varint;

    public override TEnum Default => fromNumber(0);

    public bool IsDefault(TEnum value) => toNumber(value) == 0;

    public override void Write(ProtoWriter writer, int field, TEnum value)
    {
        writer.Tag(field, WireType.Varint);
        writer.RawVarint((ulong)toNumber(value));
    }

    public override TEnum Read(ref ProtoReader reader, TEnum current) => fromNumber(reader.ReadInt32());

    public override void WriteJson(Utf8JsonWriter writer, TEnum value)
    {
        var number = toNumber(value);
        if (number >= 0 && number < names.Length)
        {
            writer.WriteStringValue(names[number]);
        }
        else
        {
            writer.WriteNumberValue(number);
        }
    }

    public override bool TryReadJson(JsonElement element, JsonReading reading, out TEnum value)
    {
        var number = element.ValueKind switch
        {
            JsonValueKind.String => Array.FindIndex(names, name => element.ValueEquals(name)),
            JsonValueKind.Number when element.TryGetDouble(out var any) && any is >= int.MinValue and <= int.MaxValue && any == Math.Floor(any) => (int)any,
            _ => int.MinValue,
        };
        value = fromNumber(number);
        if (number == int.MinValue || (number < 0 && element.ValueKind == JsonValueKind.String))
        {
            reading.Fail($"one of {string.Join(", ", names)}", element);
            return false;
        }

        return true;
    }
}
