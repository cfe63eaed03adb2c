using System.Collections;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Google.Protobuf;
using Own = Gantry.Testing.Own;

namespace Gantry.Protocol.Tests.Observations;

/// <summary>Our own messages are written by hand; Contracts/gantry.proto says what they are. The official library reads ours and writes it back.</summary>
public class OwnContractTests
{
    [Fact]
    public void Observations_are_what_the_contract_says() => Agree(Filled<ObservationBatch>(), Own.ObservationBatch.Parser);

    [Fact]
    public void The_reply_is_what_the_contract_says() => Agree(Filled<ObservationReply>(), Own.ObservationReply.Parser);

    [Fact]
    public void The_inventory_is_what_the_contract_says() => Agree(Filled<ProcessInventory>(), Own.ProcessInventory.Parser);

    [Fact]
    public void Observations_cut_anywhere_are_read_or_refused_and_never_throw()
    {
        var bytes = Filled<ObservationBatch>().ToArray();
        for (var length = 0; length <= bytes.Length; length++)
        {
            var read = WireMessage.TryRead<ObservationBatch>(bytes.AsSpan(0, length), out var error);
            Assert.Equal(read is null, error != WireError.None);
        }
    }

    /// <summary>Unknown fields are thrown away by the oracle: if all bytes come back, it knew every field, by number and type.</summary>
    private static void Agree<TOurs, TTheirs>(TOurs ours, MessageParser<TTheirs> parser)
        where TOurs : class, IWireMessage, new()
        where TTheirs : IMessage<TTheirs>
    {
        var bytes = ours.ToArray();

        var theirs = parser.WithDiscardUnknownFields(true).ParseFrom(bytes);

        Assert.Equal(bytes, theirs.ToByteArray());
        Assert.Equal(bytes, WireMessage.TryRead<TOurs>(theirs.ToByteArray(), out _)!.ToArray());
        // Each message type of the contract has every field set, so that none can be missing on our side.
        Assert.All(theirs.Descriptor.Fields.InDeclarationOrder(), field => Assert.NotEqual(0, Size(field.Accessor.GetValue(theirs))));
    }

    private static int Size(object? value) => value switch
    {
        null => 0,
        IList list => list.Count,
        string text => text.Length,
        bool flag => flag ? 1 : 0,
        IConvertible number => Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture) == 0 ? 0 : 1,
        _ => 1,
    };

    private static T Filled<T>()
        where T : new() => (T)Fill(new T(), 1);

    /// <summary>Sets every property to something that is not its default.</summary>
    private static object Fill(object message, int seed)
    {
        foreach (var property in message.GetType().GetProperties())
        {
            seed++;
            if (property.GetValue(message) is IList { IsFixedSize: false } list)
            {
                var item = property.PropertyType.GetGenericArguments()[0];
                list.Add(item == typeof(string) ? $"text {seed}" : Fill(Activator.CreateInstance(item)!, seed));
                list.Add(item == typeof(string) ? $"text {seed + 100}" : Fill(Activator.CreateInstance(item)!, seed + 100));
            }
            else if (property.CanWrite)
            {
                property.SetValue(message, Value(property.PropertyType, seed));
            }
        }

        return message;
    }

    private static object Value(Type type, int seed) => type switch
    {
        _ when type == typeof(string) => $"text {seed}",
        _ when type == typeof(bool) => true,
        _ when type == typeof(ulong[]) => new ulong[] { 0, 300, ulong.MaxValue },
        _ when type == typeof(byte[]) => new byte[] { 1, 200, 255 },
        _ when type == typeof(double) => seed + 0.5,
        _ when typeof(Gantry.Protocol.Wire.IWireMessage).IsAssignableFrom(type) => Fill(Activator.CreateInstance(type)!, seed),
        _ when type.IsEnum => Enum.ToObject(type, 1),
        _ => Convert.ChangeType(seed, type, System.Globalization.CultureInfo.InvariantCulture),
    };
}
