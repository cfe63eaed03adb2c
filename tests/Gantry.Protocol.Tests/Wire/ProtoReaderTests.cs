using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Tests.Wire;

public sealed class ProtoReaderTests
{
    /// <summary>Name, bytes of one field, wire type, and the value as text.</summary>
    public static TheoryData<string, string, string> Fields => new()
    {
        { "varint of one byte", "0801", "1 Varint 1" },
        { "varint of two bytes", "08AC02", "1 Varint 300" },
        { "varint longer than need be", "08818000", "1 Varint 1" },
        { "varint of ten bytes", "08FFFFFFFFFFFFFFFFFF01", "1 Varint 18446744073709551615" },
        { "tenth byte's upper bits are discarded", "08FFFFFFFFFFFFFFFFFF7F", "1 Varint 18446744073709551615" },
        { "fixed64", "110100000000000080", "2 Fixed64 9223372036854775809" },
        { "fixed32", "1D01000080", "3 Fixed32 2147483649" },
        { "empty bytes", "2200", "4 LengthDelimited " },
        { "bytes", "2203AABBCC", "4 LengthDelimited AABBCC" },
        { "bytes with a long length prefix", "22838000AABBCC", "4 LengthDelimited AABBCC" },
        { "tag of two bytes", "800101", "16 Varint 1" },
        { "highest field number", "F8FFFFFF0F01", "536870911 Varint 1" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Field_is_read_whole(string name, string hex, string expected)
    {
        var reader = new ProtoReader(Convert.FromHexString(hex));

        Assert.True(reader.Next(), name);
        Assert.Equal(expected, Value(ref reader));
        Assert.False(reader.Next());
        Assert.Equal(WireError.None, reader.Error);
        Assert.Equal(hex.Length / 2, reader.Position);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Field_is_read_with_others_around_it(string name, string hex, string expected)
    {
        var reader = new ProtoReader(Convert.FromHexString("2803" + hex + "35FFFFFFFF"));

        Assert.True(reader.Next(), name);
        reader.Skip();
        Assert.True(reader.Next());
        Assert.Equal(expected, Value(ref reader));
        Assert.True(reader.Next());
        Assert.Equal(6, reader.Field);
        Assert.Equal(uint.MaxValue, reader.ReadFixed32());
        Assert.False(reader.Next());
        Assert.Equal(WireError.None, reader.Error);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Field_cut_at_any_byte_fails_and_stays_failed(string name, string hex, string expected)
    {
        var whole = Convert.FromHexString(hex);
        for (var length = 1; length < whole.Length; length++)
        {
            var reader = new ProtoReader(whole.AsSpan(0, length));
            var value = reader.Next() ? Value(ref reader) : null;

            Assert.True(reader.Error is WireError.Truncated or WireError.LengthPastEnd, $"{name} cut to {length}: {reader.Error} {value}, whole {expected}");
            Assert.False(reader.Next());
            Assert.Equal(0UL, reader.ReadVarint());
            Assert.Equal(0UL, reader.ReadFixed64());
            Assert.Equal(0U, reader.ReadFixed32());
            Assert.True(reader.ReadBytes().IsEmpty);
            Assert.Equal("", reader.ReadString());
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void WireScan_passes_over_what_the_reader_reads(string name, string hex, string expected)
    {
        var whole = Convert.FromHexString(hex);

        Assert.Equal(whole.Length, WireScan.Unknown(whole, 0, whole.Length));
        Assert.Equal(whole.Length, WireScan.Unknown([.. whole, 0xFF], 0, whole.Length + 1));
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.True(WireScan.Unknown(whole, 0, length) == WireScan.Bad, $"{name} ({expected}) cut to {length}");
        }
    }

    [Theory]
    [InlineData("00", WireError.BadTag)] // field number 0
    [InlineData("0B", WireError.BadTag)] // start of a group
    [InlineData("0C", WireError.BadTag)] // end of a group
    [InlineData("0E", WireError.BadTag)] // wire type 6
    [InlineData("0F", WireError.BadTag)] // wire type 7
    [InlineData("880000", WireError.BadTag)] // field 1 in two bytes
    [InlineData("8880000001", WireError.BadTag)]
    [InlineData("808080801000", WireError.BadTag)] // a tag past 32 bits
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF", WireError.VarintTooLong)]
    public void Bad_tag_is_refused(string hex, WireError error)
    {
        var bytes = Convert.FromHexString(hex);
        var reader = new ProtoReader(bytes);

        Assert.False(reader.Next());
        Assert.Equal(error, reader.Error);
        Assert.Equal(WireScan.Bad, WireScan.Unknown(bytes, 0, bytes.Length));
    }

    [Fact]
    public void Varint_of_eleven_bytes_is_refused()
    {
        byte[] bytes = [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
        var reader = new ProtoReader(bytes);

        Assert.True(reader.Next());
        reader.ReadVarint();

        Assert.Equal(WireError.VarintTooLong, reader.Error);
        Assert.Equal(WireScan.Bad, WireScan.Varint(bytes, 1, bytes.Length, out _));
    }

    [Theory]
    [InlineData("0A02AA")]
    [InlineData("0AFFFFFFFF07AA")] // 2^31 - 1
    [InlineData("0A8080808008AA")] // 2^31
    [InlineData("0AFFFFFFFFFFFFFFFFFF01AA")] // 2^64 - 1
    public void Length_past_the_end_is_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var reader = new ProtoReader(bytes);

        Assert.True(reader.Next());
        Assert.True(reader.ReadBytes().IsEmpty);
        Assert.Equal(WireError.LengthPastEnd, reader.Error);
        Assert.Equal(1, reader.Position);
        Assert.Equal(WireScan.Bad, WireScan.Length(bytes, 1, bytes.Length, out _));
    }

    [Fact]
    public void Length_past_the_end_of_the_message_around_it_is_refused_though_bytes_follow()
    {
        var outer = new ProtoReader([0x0A, 0x02, 0x0A, 0x01, 0xFF, 0xFF]);
        Assert.True(outer.Next());
        var inner = outer.ReadNested();

        Assert.True(inner.Next());
        inner.ReadBytes();
        outer.FailFrom(inner.Error);

        Assert.Equal(WireError.LengthPastEnd, outer.Error);
        Assert.False(outer.Next());
    }

    [Fact]
    public void Nesting_ends_at_64_levels()
    {
        var bytes = Array.Empty<byte>();
        for (var i = 0; i < 65; i++)
        {
            bytes = Tests.Otlp.TraceScanTests.Field(1, bytes);
        }

        var reader = new ProtoReader(bytes);
        for (var level = 1; level <= ProtoReader.MaxDepth; level++)
        {
            Assert.True(reader.Next());
            var nested = reader.ReadNested();
            Assert.Equal(WireError.None, reader.Error);
            reader = nested;
        }

        Assert.True(reader.Next());
        reader.ReadNested();
        Assert.Equal(WireError.TooDeep, reader.Error);
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("C0AF")] // overlong
    [InlineData("EDA080")] // surrogate
    [InlineData("F4908080")] // past U+10FFFF
    [InlineData("6162636465E9")]
    [InlineData("61626364656667E968")] // 9 bytes: the quick look at 8 and 8
    [InlineData("616263E9646566")] // 7 bytes: the quick look at 4 and 4
    [InlineData("6162636465666768696A6B6C6D6E6F70E9")]
    public void String_that_is_not_UTF8_is_refused(string hex)
    {
        var text = Convert.FromHexString(hex);
        var reader = new ProtoReader(Tests.Otlp.TraceScanTests.Field(1, text));
        Assert.True(reader.Next());

        Assert.Equal("", reader.ReadString());
        Assert.Equal(WireError.InvalidUtf8, reader.Error);
        Assert.False(WireScan.IsText([0x41, .. text, 0x41], 1, 1 + text.Length));
    }

    [Fact]
    public void IsText_agrees_with_the_slow_way_for_every_length_and_place_of_a_bad_byte()
    {
        for (var length = 0; length < 40; length++)
        {
            var text = Enumerable.Repeat((byte)'a', length + 2).ToArray();
            text[0] = text[^1] = 0xFF;
            Assert.True(WireScan.IsText(text, 1, length + 1));
            for (var at = 1; at <= length; at++)
            {
                text[at] = 0xE9;
                Assert.False(WireScan.IsText(text, 1, length + 1));
                text[at] = (byte)'a';
            }
        }
    }

    [Fact]
    public void Failure_of_a_nested_message_is_the_outer_ones()
    {
        Assert.Null(WireMessage.TryRead<Gantry.Protocol.OpAmp.AgentToServer>([0x1A, 0x02, 0x0A, 0x05], out var error));
        Assert.Equal(WireError.LengthPastEnd, error);
    }

    private static string Value(ref ProtoReader reader)
    {
        var head = $"{reader.Field} {reader.WireType} ";
        Assert.Equal((reader.Field, reader.WireType), reader.Tag);
        return head + reader.WireType switch
        {
            WireType.Varint => reader.ReadVarint().ToString(),
            WireType.Fixed64 => reader.ReadFixed64().ToString(),
            WireType.Fixed32 => reader.ReadFixed32().ToString(),
            _ => Convert.ToHexString(reader.ReadBytes()),
        };
    }
}
