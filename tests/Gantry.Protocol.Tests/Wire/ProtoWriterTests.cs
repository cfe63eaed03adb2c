using System.Text;
using Gantry.Protocol.Wire;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Wire;

public sealed class ProtoWriterTests
{
    [Fact]
    public void Scalars_at_their_default_are_left_out()
    {
        using var writer = new ProtoWriter();

        writer.Varint(1, 0);
        writer.Bool(2, false);
        writer.Int(3, 0);
        writer.Fixed64(4, 0);
        writer.Fixed32(5, 0);
        writer.Double(6, 0);
        writer.String(7, "");
        writer.String(7, null);
        writer.Bytes(8, []);
        writer.Message<Gantry.Protocol.OpAmp.AgentDisconnect>(9, null);

        Assert.True(writer.Written.IsEmpty);
    }

    [Fact]
    public void Members_of_a_oneof_are_written_at_their_default()
    {
        using var writer = new ProtoWriter();

        writer.PresentDouble(1, 0);
        writer.PresentString(2, "");
        writer.PresentBytes(3, []);
        writer.Message(4, new Gantry.Protocol.OpAmp.AgentDisconnect());

        Assert.Equal("09000000000000000012001A002200", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Negative_zero_is_not_the_default()
    {
        using var writer = new ProtoWriter();

        writer.Double(1, -0.0);

        Assert.Equal("090000000000000080", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Random_values_come_back_from_our_reader_and_from_the_oracles()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            using var writer = new ProtoWriter(1 + random.Next(32));
            var expected = Enumerable.Range(0, random.Next(1, 40)).Select(_ => One(writer, random)).ToList();

            var ours = new ProtoReader(writer.Written);
            var theirs = new CodedInputStream(writer.ToArray());
            foreach (var item in expected)
            {
                Assert.True(ours.Next());
                Assert.Equal(((uint)ours.Field << 3) | (uint)ours.WireType, theirs.ReadTag());
                Assert.Equal(item, $"{ours.Field} {Read(ref ours)}");
                Assert.Equal(item, $"{ours.Field} {Read(theirs, ours.WireType)}");
            }

            Assert.False(ours.Next());
            Assert.True(theirs.IsAtEnd);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(2_097_152)]
    public void Nested_message_of_any_size_gets_a_minimal_length(int size)
    {
        using var writer = new ProtoWriter(16);
        writer.Varint(1, 7);
        var outer = writer.Begin(2);
        var inner = writer.Begin(3);
        var payload = new byte[size];
        new Random(size).NextBytes(payload);
        writer.Raw(payload);
        writer.End(inner);
        writer.End(outer);
        writer.Varint(4, 9);

        var reader = new ProtoReader(writer.Written);
        Assert.True(reader.Next());
        Assert.Equal(7UL, reader.ReadVarint());
        Assert.True(reader.Next());
        var nested = reader.ReadNested();
        Assert.True(nested.Next());
        Assert.True(nested.ReadBytes().SequenceEqual(payload));
        Assert.True(reader.Next());
        Assert.Equal(9UL, reader.ReadVarint());
        Assert.False(reader.Next());
        var nestedSize = 1 + ProtoWriter.VarintSize((ulong)size) + size;
        Assert.Equal(2 + 1 + ProtoWriter.VarintSize((ulong)nestedSize) + nestedSize + 2, writer.Written.Length);
    }

    [Fact]
    public void VarintSize_equals_the_oracles_for_every_length()
    {
        for (var bit = 0; bit < 64; bit++)
        {
            var value = 1UL << bit;
            Assert.Equal(CodedOutputStream.ComputeUInt64Size(value), ProtoWriter.VarintSize(value));
            Assert.Equal(CodedOutputStream.ComputeUInt64Size(value - 1), ProtoWriter.VarintSize(value - 1));
        }
    }

    [Fact]
    public void Clear_keeps_the_buffer_and_dispose_twice_is_allowed()
    {
        var writer = new ProtoWriter();
        writer.String(1, "gone");
        writer.Clear();
        writer.String(2, "kept");

        Assert.Equal([0x12, 4, .. "kept"u8], writer.ToArray());
        Assert.Equal(writer.ToArray(), writer.WrittenMemory.ToArray());
        writer.Dispose();
        writer.Dispose();
        Assert.True(writer.Written.IsEmpty);
    }

    private static string One(ProtoWriter writer, Random random)
    {
        var field = random.Next(3) == 0 ? 536_870_911 : random.Next(1, 40);
        var bits = 1 + ((ulong)random.NextInt64() >> random.Next(63));
        var text = new string('ü', random.Next(200));
        switch (random.Next(6))
        {
            case 0:
                writer.Varint(field, bits);
                return $"{field} {bits}";
            case 1:
                writer.Int(field, -(long)bits);
                return $"{field} {(ulong)-(long)bits}";
            case 2:
                writer.Fixed64(field, bits);
                return $"{field} {bits}";
            case 3:
                writer.Fixed32(field, (uint)bits | 1);
                return $"{field} {(uint)bits | 1}";
            case 4:
                writer.PresentString(field, text);
                return $"{field} {text}";
            default:
                var mark = writer.Begin(field);
                writer.Raw(Encoding.UTF8.GetBytes(text));
                writer.End(mark);
                return $"{field} {text}";
        }
    }

    private static string Read(ref ProtoReader reader) => reader.WireType switch
    {
        WireType.Varint => reader.ReadVarint().ToString(),
        WireType.Fixed64 => reader.ReadFixed64().ToString(),
        WireType.Fixed32 => reader.ReadFixed32().ToString(),
        _ => reader.ReadString(),
    };

    private static string Read(CodedInputStream stream, WireType type) => type switch
    {
        WireType.Varint => stream.ReadUInt64().ToString(),
        WireType.Fixed64 => stream.ReadFixed64().ToString(),
        WireType.Fixed32 => stream.ReadFixed32().ToString(),
        _ => stream.ReadString(),
    };
}
