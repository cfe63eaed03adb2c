using System.Text;
using Gantry.Estate.Sampling;

namespace Gantry.Gateway.Tests.Sample;

public class OtTraceStateTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("ot=th:0", "0", null)]
    [InlineData("ot=th:8", "8", null)]
    [InlineData("ot=rv:abcdef01234567;th:fd70a", "fd70a", 0xabcdef01234567UL)]
    [InlineData("vendor=x, ot=th:c", "c", null)]
    [InlineData("other=th:8", null, null)]
    [InlineData("ot=", null, null)]
    [InlineData("ot=th:", null, null)]
    [InlineData("ot=th:E;rv:ABCDEF01234567", null, null)]
    [InlineData("ot=rv:abcdef0123456", null, null)]
    [InlineData("ot=p:8;r:62;th:8", "8", null)]
    public void Threshold_and_randomness_are_read(string text, string? threshold, ulong? randomness)
    {
        var state = OtTraceState.Read(Encoding.ASCII.GetBytes(text));

        Assert.Equal(threshold, state.HasThreshold ? state.Threshold.ToString() : null);
        Assert.Equal(randomness, state.HasRandomness ? state.Randomness : null);
    }

    [Theory]
    [InlineData("", "c", "ot=th:c")]
    [InlineData("ot=th:8", "c", "ot=th:c")]
    [InlineData("ot=rv:abcdef01234567;th:8", "c", "ot=th:c;rv:abcdef01234567")]
    [InlineData("ot=th:8;new:thing;rv:abcdef01234567", "c", "ot=th:c;rv:abcdef01234567;new:thing")]
    [InlineData("a=1,ot=th:8,b=2", "c", "ot=th:c,a=1,b=2")]
    [InlineData("a=1, b=2", "c", "ot=th:c,a=1,b=2")]
    [InlineData("a=1,ot=th:8", "", "a=1")]
    [InlineData("ot=th:8", "", "")]
    [InlineData("ot=th:8;x:y", "", "ot=x:y")]
    public void A_new_threshold_leaves_everything_else(string before, string threshold, string after) => Assert.Equal(after, Rewrite(before, threshold));

    [Fact]
    public void Where_256_bytes_do_not_hold_it_what_is_unknown_gives_way_and_rv_stays()
    {
        var text = Rewrite($"ot=x:{new string('y', 240)};rv:abcdef01234567", "fd70a");

        Assert.Equal("ot=th:fd70a;rv:abcdef01234567", text);
    }

    [Fact]
    public void A_list_has_32_members_at_most()
    {
        var text = Rewrite(string.Join(',', Enumerable.Range(0, 32).Select(i => $"k{i}=v")), "c");

        Assert.Equal(32, text.Split(',').Length);
        Assert.StartsWith("ot=th:c,k0=v", text, StringComparison.Ordinal);
    }

    private static string Rewrite(string before, string threshold)
    {
        var bytes = Encoding.ASCII.GetBytes(before);
        var target = new byte[OtTraceState.RewrittenLength(bytes)];
        var length = OtTraceState.Read(bytes).Rewrite(bytes, Encoding.ASCII.GetBytes(threshold), target);
        return Encoding.ASCII.GetString(target, 0, length);
    }
}
