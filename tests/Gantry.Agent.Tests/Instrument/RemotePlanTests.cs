using System.Text;
using Gantry.Agent.Instrument;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Protocol.OpAmp;

namespace Gantry.Agent.Tests.Instrument;

public sealed class RemotePlanTests
{
    [Fact]
    public void A_plan_that_was_taken_is_in_force_after_a_start_without_the_hub()
    {
        using var host = new FakeHost();
        var log = new RecordedLog();
        var first = new RemotePlan(host.PathOf("state"), log);
        Assert.Same(InstrumentationPlan.Nothing, first.Plan);

        Assert.True(first.Offer(Config(1, Plan("a"))));
        var second = new RemotePlan(host.PathOf("state"), log);

        Assert.Equal("shop/a", Assert.Single(second.Plan.Rules).Name);
        Assert.Equal((RemoteConfigState.Applied, 1), (second.Status!.State, second.Status.LastHash[0]));
        Assert.Equal("instrumentation", Assert.Single(second.Effective!.Map.Entries).Name);
        // The hub offers it again, as it does after a restart of its own: there is nothing to tell.
        Assert.False(second.Offer(Config(1, Plan("a"))));
    }

    [Theory]
    [InlineData("instrumentation", "{\"rules\":[{\"name\":\"x\",\"action\":\"perhaps\"}]}", "perhaps")]
    [InlineData("instrumentation", "no json", "instrumentation")]
    [InlineData("collector.yaml", "{}", "collector.yaml")]
    public void A_plan_that_cannot_be_read_whole_is_refused_and_the_one_before_stays_also_after_a_start(string name, string body, string words)
    {
        using var host = new FakeHost();
        var plan = new RemotePlan(host.PathOf("state"), new RecordedLog());
        plan.Offer(Config(1, Plan("a")));

        var bad = Config(2, []);
        bad.Map.Entries.Clear();
        bad.Map.Entries.Add(new NamedConfig { Name = name, Config = new AgentConfigObject { Body = Encoding.UTF8.GetBytes(body) } });
        Assert.True(plan.Offer(bad));

        Assert.Equal((RemoteConfigState.Failed, 2), (plan.Status!.State, plan.Status.LastHash[0]));
        Assert.Contains(words, plan.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("shop/a", Assert.Single(plan.Plan.Rules).Name);
        Assert.Equal("shop/a", Assert.Single(new RemotePlan(host.PathOf("state"), new RecordedLog()).Plan.Rules).Name);
    }

    [Fact]
    public void A_kept_plan_that_is_damaged_is_said_and_nothing_is_let_go_until_the_hub_gives_one()
    {
        using var host = new FakeHost();
        new RemotePlan(host.PathOf("state"), new RecordedLog()).Offer(Config(1, Plan("a")));
        File.WriteAllBytes(host.PathOf("state/remote-config"), [0xFF, 0xFF, 0xFF]);
        var log = new RecordedLog();

        var plan = new RemotePlan(host.PathOf("state"), log);

        Assert.True(plan.IsLost);
        Assert.Empty(plan.Plan.Rules);
        Assert.Equal(1, log.Count("KeptPlanUnreadable"));
        plan.Offer(Config(1, Plan("a")));
        Assert.False(plan.IsLost);
    }

    [Fact]
    public void A_configuration_without_a_plan_withdraws_the_one_before()
    {
        using var host = new FakeHost();
        var plan = new RemotePlan(host.PathOf("state"), new RecordedLog());
        plan.Offer(Config(1, Plan("a")));
        var nothing = Config(2, []);
        nothing.Map.Entries.Clear();
        nothing.Map.Entries.Add(new NamedConfig { Name = "obi", Config = new AgentConfigObject { Body = "# nothing"u8.ToArray() } });

        plan.Offer(nothing);

        Assert.Empty(plan.Plan.Rules);
    }

    internal static byte[] Plan(string rule) => InstrumentationPlanJson.Write(InstrumentationPlan.Nothing with { Rules = [new InstrumentationRule("shop/" + rule, RuleAction.Allow, new ProcessMatch())] });

    internal static AgentRemoteConfig Config(byte hash, byte[] plan)
    {
        var config = new AgentRemoteConfig { Hash = [hash, 0, 0, 0, 0, 0, 0, 0] };
        config.Map.Entries.Add(new NamedConfig { Name = InstrumentationPlanJson.FileName, Config = new AgentConfigObject { Body = plan } });
        return config;
    }
}
