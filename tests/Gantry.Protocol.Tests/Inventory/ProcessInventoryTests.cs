using System.Collections;
using System.Reflection;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Tests.Inventory;

public sealed class ProcessInventoryTests
{
    [Fact]
    public void Decoding_what_was_encoded_gives_the_same_in_every_property()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var inventory = Random(new Random(seed));

            var back = WireMessage.TryRead<ProcessInventory>(inventory.ToArray(), out var error);

            Assert.True(back is not null, $"seed {seed}: {error}");
            Same(inventory, back);
        }
    }

    [Fact]
    public void No_two_properties_share_a_field_number()
    {
        // Each property set alone leads to bytes of its own.
        foreach (var type in new[] { typeof(ProcessInventory), typeof(ProcessFact), typeof(ListeningSocket), typeof(OtherAgent), typeof(InstrumentationStatus), typeof(MethodLimit) })
        {
            var seen = new HashSet<int>();
            foreach (var property in type.GetProperties().Where(property => property.CanWrite))
            {
                var message = (IWireMessage)Activator.CreateInstance(type)!;
                property.SetValue(message, property.PropertyType == typeof(string) ? "x"
                    : property.PropertyType == typeof(InstrumentationStatus) ? new InstrumentationStatus { Method = "m" }
                    : property.PropertyType.IsEnum ? Enum.ToObject(property.PropertyType, 1)
                    : Convert.ChangeType(1, property.PropertyType));
                var reader = new ProtoReader(message.ToArray());
                Assert.True(reader.Next(), $"{type.Name}.{property.Name} is not written");
                Assert.True(seen.Add(reader.Field), $"{type.Name}.{property.Name} shares field {reader.Field}");
            }
        }
    }

    [Fact]
    public void Unknown_fields_and_foreign_wire_types_are_passed_over()
    {
        byte[] bytes = [.. new ProcessInventory { HostId = "h" }.ToArray(), 0x08, 5, 0xA2, 0x06, 1, 0xFF, 0x32, 1, 0xFF, 0x2D, 1, 2, 3, 4];

        Same(new ProcessInventory { HostId = "h" }, WireMessage.TryRead<ProcessInventory>(bytes, out _)!);
    }

    [Fact]
    public void Encoded_inventory_cut_at_any_byte_is_refused_or_read()
    {
        var bytes = Random(new Random(7)).ToArray();
        var accepted = 0;
        for (var length = 0; length < bytes.Length; length++)
        {
            accepted += WireMessage.TryRead<ProcessInventory>(bytes.AsSpan(0, length), out var error) is null ? 0 : 1;
            Assert.True(error is WireError.None or WireError.Truncated or WireError.LengthPastEnd, error.ToString());
        }

        Assert.InRange(accepted, 2, bytes.Length / 2);
    }

    internal static ProcessInventory Random(Random random)
    {
        var inventory = (ProcessInventory)Fill(new ProcessInventory(), random);
        for (var i = random.Next(3); i > 0; i--)
        {
            inventory.MethodLimits.Add((MethodLimit)Fill(new MethodLimit(), random));
            inventory.AllowedUnits.Add("shop-*.service");
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            var process = (ProcessFact)Fill(new ProcessFact(), random);
            for (var j = random.Next(3); j > 0; j--)
            {
                process.Listening.Add((ListeningSocket)Fill(new ListeningSocket(), random));
            }

            for (var j = random.Next(3); j > 0; j--)
            {
                process.OtherAgents.Add((OtherAgent)Fill(new OtherAgent(), random));
            }

            inventory.Processes.Add(process);
        }

        return inventory;
    }

    internal static void Same(object expected, object actual)
    {
        foreach (var property in expected.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var (left, right) = (property.GetValue(expected), property.GetValue(actual));
            if (left is IList list)
            {
                Assert.Equal(list.Count, ((IList)right!).Count);
                foreach (var (item, other) in list.Cast<object>().Zip(((IList)right).Cast<object>()))
                {
                    if (item is string)
                    {
                        Assert.Equal(item, other);
                    }
                    else
                    {
                        Same(item, other);
                    }
                }
            }
            else if (left is InstrumentationStatus && right is not null)
            {
                Same(left, right);
            }
            else
            {
                Assert.True(Equals(left, right), $"{expected.GetType().Name}.{property.Name}: {left} became {right}");
            }
        }
    }

    private static object Fill(object message, Random random)
    {
        string[] texts = ["", "node", "/usr/bin/dotnet", "Grüße 😀", new('x', 300)];
        foreach (var property in message.GetType().GetProperties().Where(property => property.CanWrite && random.Next(4) != 0))
        {
            object value = property.PropertyType == typeof(string) ? texts[random.Next(texts.Length)]
                : property.PropertyType == typeof(bool) ? random.Next(2) == 1
                : property.PropertyType == typeof(InstrumentationState) ? (InstrumentationState)random.Next(9)
                : property.PropertyType == typeof(InstrumentationStatus) ? Fill(new InstrumentationStatus(), random)
                : property.PropertyType == typeof(uint) ? (object)((uint)random.NextInt64() >> random.Next(32))
                : (ulong)random.NextInt64() >> random.Next(63);
            property.SetValue(message, value);
        }

        return message;
    }
}
