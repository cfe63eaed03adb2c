using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Hub.Fleet.Configs;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Tests.Fleet;

public class DriftTests
{
    /// <summary>A tree of it would end the process, and again after each restart, for it is kept.</summary>
    [Theory]
    [InlineData("// x: ", "[")]
    [InlineData("x: ", "{a: ")]
    [InlineData("", "- ")]
    public void What_is_nested_beyond_all_reason_differs_and_does_no_harm(string before, string nest)
    {
        var wanted = new CompiledConfig("h", AgentKind.Collector, [new ConfigFile("", "text/yaml", Encoding.UTF8.GetBytes("receivers: {otlp: {}}\n"))], []);
        var effective = new AgentConfigMap();
        effective.Entries.Add(new NamedConfig { Config = new AgentConfigObject { Body = Encoding.UTF8.GetBytes(before + string.Concat(Enumerable.Repeat(nest, 100_000))), ContentType = "text/yaml" } });

        Assert.Equal(["(file)"], Drift.Compare(wanted, effective));
    }
}
