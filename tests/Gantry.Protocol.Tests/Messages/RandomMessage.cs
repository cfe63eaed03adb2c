using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gantry.Protocol.Tests.Messages;

/// <summary>
/// Fills any compiled message with seeded random values, by its descriptor: a field that is added to a contract is covered at once.
/// </summary>
internal sealed class RandomMessage(Random random)
{
    private static readonly string[] Texts =
    [
        "", "a", "GET", "http.request.method", "service.name", "GET /api/v1/products/{id}", "checkout", "ot=th:c;rv:12345678901234", "\0", "\t\"\\/\b\f\n\r",
        "Grüße", "日本語のサービス", "😀 emoji 🧪", "e\u0301", "\uFFFD\uFFFE", "a text that is longer than one hundred and twenty-seven bytes, so that "
            + "its length takes two bytes on the wire and the slow way through the scanner is walked",
    ];

    private static readonly double[] Doubles = [0, -0.0, 1, -1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue];

    /// <summary>How likely a field is set; the rest stays absent.</summary>
    public double Density { get; init; } = 0.7;

    public int MaxItems { get; init; } = 3;

    public T Next<T>()
        where T : IMessage, new()
    {
        var message = new T();
        Fill(message, 0);
        return message;
    }

    private void Fill(IMessage message, int depth)
    {
        foreach (var oneof in message.Descriptor.Oneofs.Where(item => !item.IsSynthetic))
        {
            // The last levels hold no lists, or AnyValue would never end.
            var choices = oneof.Fields.Where(field => depth < 9 || field.FieldType != FieldType.Message).ToArray();
            // A Value of a Struct is always one of them; JSON could not write it else.
            if (choices.Length > 0 && (random.NextDouble() < 0.9 || message.Descriptor.FullName == "google.protobuf.Value"))
            {
                // The first is the most frequent in real life: text, a gauge, a double.
                var field = choices[random.Next(3) == 0 ? 0 : random.Next(choices.Length)];
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.RealContainingOneof is null))
        {
            if (random.NextDouble() < Density)
            {
                Set(message, field, depth);
            }
        }
    }

    private void Set(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var entries = (IDictionary)field.Accessor.GetValue(message);
            var value = field.MessageType.FindFieldByNumber(2);
            for (var i = Count(depth); i > 0; i--)
            {
                entries[message is Google.Protobuf.WellKnownTypes.Struct ? $"k{Text()}" : Text()] = Value(value, depth);
            }
        }
        else if (field.IsRepeated)
        {
            var items = (IList)field.Accessor.GetValue(message);
            for (var i = Count(depth); i > 0; i--)
            {
                items.Add(Value(field, depth));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private int Count(int depth) => depth > 6 ? random.Next(2) : random.Next(MaxItems + 1);

    private object Value(FieldDescriptor field, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message when field.MessageType.FullName == "google.protobuf.Timestamp":
                // Only those that JSON can say; whole seconds as often as not.
                return new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = random.NextInt64(-62_135_596_800, 253_402_300_800), Nanos = random.Next(2) * random.Next(1_000_000_000) };
            case FieldType.Enum when field.EnumType.FullName == "google.protobuf.NullValue":
                return Google.Protobuf.WellKnownTypes.NullValue.NullValue;
            case FieldType.Enum:
                return Enum.ToObject(field.EnumType.ClrType, random.Next(field.EnumType.Values.Count + 1));
            case FieldType.Double when field.FullName == "google.protobuf.Value.number_value":
                return random.Next(3) == 0 ? (double)random.Next(-5, 1000) : random.NextDouble() * 1e6;
            case FieldType.Message:
                var nested = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                Fill(nested, depth + 1);
                return nested;
            case FieldType.String:
                return Text();
            case FieldType.Bytes:
                return ByteString.CopyFrom(Blob(field.Name));
            case FieldType.Bool:
                return random.Next(2) == 0;
            case FieldType.Double:
                return random.Next(3) == 0 ? Doubles[random.Next(Doubles.Length)] : random.NextDouble() * 1e6;
            case FieldType.Int32 or FieldType.SInt32:
                return random.Next(4) == 0 ? (int)Bits() : random.Next(6);
            case FieldType.UInt32 or FieldType.Fixed32:
                return random.Next(4) == 0 ? (uint)Bits() : (uint)random.Next(1000);
            case FieldType.Int64 or FieldType.SFixed64:
                return random.Next(2) == 0 ? (long)Bits() : random.Next(-1000, 1000);
            case FieldType.UInt64 or FieldType.Fixed64:
                return random.Next(2) == 0 ? Bits() : 1_661_145_517_588_444_295UL;
            default:
                throw new NotSupportedException($"{field.FullName}: {field.FieldType}");
        }
    }

    private string Text()
    {
        if (random.Next(4) != 0)
        {
            return Texts[random.Next(Texts.Length)];
        }

        return string.Create(random.Next(40), random, (span, source) =>
        {
            foreach (ref var c in span)
            {
                c = (char)source.Next(0x20, source.Next(8) == 0 ? 0x800 : 0x7F);
            }
        });
    }

    private byte[] Blob(string name)
    {
        var right = name.EndsWith("trace_id", StringComparison.Ordinal) || name == "instance_uid" ? 16 : name.EndsWith("span_id", StringComparison.Ordinal) ? 8 : random.Next(20);
        var bytes = new byte[random.Next(8) == 0 ? random.Next(34) : right];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>64 random bits, shifted so that every length of varint comes up.</summary>
    private ulong Bits() => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
}
