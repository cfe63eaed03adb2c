using System.Text;
using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>A field of <typeparamref name="T"/>: its number, its names, and how its value is found there.</summary>
/// <param name="number">1 to 63, which suffices here; JSON counts those seen in one word.</param>
/// <param name="name">As the contract spells it: "local_attributes".</param>
internal abstract class MessageField<T>(int number, string name)
{
    public int Number { get; } = number;

    public string Name { get; } = name;

    public string JsonName { get; } = Camel(name);

    /// <summary>Another wire type in the bytes makes the field an unknown one.</summary>
    public abstract WireType WireType { get; }

    public abstract void Write(T message, ProtoWriter writer);

    /// <returns>True: the value was read.</returns>
    public abstract bool Read(T message, ref ProtoReader reader);

    /// <summary>Name and value; nothing when it is absent.</summary>
    public abstract void WriteJson(T message, Utf8JsonWriter writer);

    public abstract void ReadJson(T message, JsonElement value, JsonReading reading);

    private static string Camel(string name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length)
            {
                text.Append(char.ToUpperInvariant(name[++i]));
            }
            else
            {
                text.Append(name[i]);
            }
        }

        return text.ToString();
    }
}

/// <summary>One value, or none.</summary>
internal sealed class SingleField<T, TValue>(
    int number, string name, ValueKind<TValue> kind, Func<T, bool> isPresent, Func<T, TValue> get, Action<T, TValue> set) : MessageField<T>(number, name)
{
    public override WireType WireType => kind.WireType;

    public override void Write(T message, ProtoWriter writer)
    {
        if (isPresent(message))
        {
            kind.Write(writer, Number, get(message));
        }
    }

    public override bool Read(T message, ref ProtoReader reader)
    {
        set(message, kind.Read(ref reader, get(message)));
        return true;
    }

    public override void WriteJson(T message, Utf8JsonWriter writer)
    {
        if (isPresent(message))
        {
            writer.WritePropertyName(JsonName);
            kind.WriteJson(writer, get(message));
        }
    }

    public override void ReadJson(T message, JsonElement value, JsonReading reading)
    {
        if (kind.TryReadJson(value, reading, out var read))
        {
            set(message, read);
        }
    }
}

/// <summary>Any number of values, in their order. Nothing of this contract is packed.</summary>
internal sealed class RepeatedField<T, TValue>(int number, string name, ValueKind<TValue> kind, Func<T, List<TValue>> get) : MessageField<T>(number, name)
{
    public override WireType WireType => kind.WireType;

    public override void Write(T message, ProtoWriter writer)
    {
        foreach (var value in get(message))
        {
            kind.Write(writer, Number, value);
        }
    }

    public override bool Read(T message, ref ProtoReader reader)
    {
        get(message).Add(kind.Read(ref reader, kind.Default));
        return true;
    }

    public override void WriteJson(T message, Utf8JsonWriter writer)
    {
        var values = get(message);
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(JsonName);
        foreach (var value in values)
        {
            kind.WriteJson(writer, value);
        }

        writer.WriteEndArray();
    }

    public override void ReadJson(T message, JsonElement value, JsonReading reading)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            reading.Fail("a list", value);
            return;
        }

        var values = get(message);
        foreach (var item in value.EnumerateArray())
        {
            reading.Enter(values.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (kind.TryReadJson(item, reading, out var read))
            {
                values.Add(read);
            }

            reading.Leave();
            if (reading.Failed)
            {
                return;
            }
        }
    }
}
