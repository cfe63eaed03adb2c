using System.Text;
using Gantry.Gateway.Observe;

namespace Gantry.Gateway.Tests.Observe;

public class SourceSamplingTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("ot=th:0", false)]
    [InlineData("ot=th:8", true)]
    [InlineData("ot=rv:abcdef01234567;th:fd70a", true)]
    [InlineData("vendor=x, ot=th:c", true)]
    [InlineData("ot=rv:abcdef01234567", false)]
    [InlineData("other=th:8", false)]
    [InlineData("ot=", false)]
    [InlineData("ot=th:", false)]
    public void Only_a_threshold_above_zero_says_sampled(string traceState, bool sampled) =>
        Assert.Equal(sampled, SourceSampling.IsSampled(Encoding.UTF8.GetBytes(traceState)));
}
