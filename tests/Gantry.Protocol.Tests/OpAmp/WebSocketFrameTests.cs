using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Tests.OpAmp;

public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData("00", "")]
    [InlineData("000A0B", "0A0B")]
    [InlineData("8000FF", "FF")]
    [InlineData("80808080808080808000AA", "AA")] // ten bytes, the most a varint may take
    [InlineData("0000", "00")] // only one header is taken off
    public void Header_of_zero_in_one_to_ten_bytes_is_taken_off(string hex, string payload)
    {
        Assert.True(WebSocketFrame.TryGetPayload(Convert.FromHexString(hex), out var rest));
        Assert.Equal(payload, Convert.ToHexString(rest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("808080808080808080")]
    [InlineData("01AA")]
    [InlineData("8001AA")]
    [InlineData("8100AA")]
    [InlineData("80808080808080808001AA")] // 2^63
    [InlineData("8080808080808080808000AA")] // eleven bytes
    public void Header_that_is_missing_too_long_or_not_zero_is_refused(string hex)
    {
        Assert.False(WebSocketFrame.TryGetPayload(Convert.FromHexString(hex), out var rest));
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Written_header_is_one_zero_byte_before_the_message()
    {
        using var writer = new ProtoWriter();

        WebSocketFrame.WriteHeader(writer);
        new AgentToServer { SequenceNum = 1 }.WriteTo(writer);

        Assert.Equal("001001", Convert.ToHexString(writer.Written));
    }
}
