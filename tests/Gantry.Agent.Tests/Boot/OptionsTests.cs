using Gantry.Agent.Boot;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Boot;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_good() => Assert.Empty(new AgentOptions().Validate());

    [Fact]
    public void Everything_wrong_is_said_at_once_with_key_value_and_what_may_be()
    {
        var problems = new AgentOptions { Hub = "ftp://x", Gateway = "nonsense", Interval = TimeSpan.Zero, StateFolder = "relative", ProcRoot = "/no/such" }.Validate();

        Assert.Equal(5, problems.Count);
        Assert.Contains(problems, text => text.StartsWith("hub is 'ftp://x'; it must be an address such as", StringComparison.Ordinal));
        Assert.Contains(problems, text => text.StartsWith("gateway is 'nonsense'", StringComparison.Ordinal));
        Assert.Contains(problems, text => text.Contains("1s to 5m", StringComparison.Ordinal));
        Assert.Contains(problems, text => text.StartsWith("state is 'relative'", StringComparison.Ordinal));
        Assert.Contains(problems, text => text.StartsWith("proc is '/no/such'", StringComparison.Ordinal));
    }

    [Fact]
    public void The_agent_refuses_wrong_options_with_every_problem()
    {
        var error = Assert.Throws<ArgumentException>(() => new GantryAgent(new AgentOptions { Hub = "x", Gateway = "y" }, new RecordedLog(), TimeProvider.System));

        Assert.Contains("hub is 'x'", error.Message);
        Assert.Contains("gateway is 'y'", error.Message);
    }

    [Fact]
    public void The_command_line_sets_every_option()
    {
        var command = CommandLine.Parse(["--hub", "http://h:1", "--gateway=http://g:2", "--interval", "1m", "--state", "/var/x", "--once", "--json"]);

        Assert.Empty(command.Problems);
        Assert.Equal(Verb.Once, command.Verb);
        Assert.True(command.AsJson);
        Assert.Equal(("http://h:1", "http://g:2", TimeSpan.FromMinutes(1), "/var/x"), (command.Options.Hub, command.Options.Gateway, command.Options.Interval, command.Options.StateFolder));
        Assert.Equal("", CommandLine.Parse(["--hub", "off"]).Options.Hub);
    }

    [Theory]
    [InlineData("--nonsense", "'--nonsense' is no option")]
    [InlineData("--interval=soon", "interval is 'soon'")]
    [InlineData("--interval=1h", "interval is '3600s'")]
    [InlineData("--hub", "--hub needs a value")]
    [InlineData("--json", "--json goes with --once only")]
    public void A_wrong_command_line_is_explained(string argument, string problem) =>
        Assert.Contains(CommandLine.Parse([argument]).Problems, text => text.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10", 10_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("", -1)]
    [InlineData("s", -1)]
    [InlineData("-5s", -1)]
    [InlineData("5sm", -1)]
    public void Times(string text, int milliseconds)
    {
        var isTime = CommandLine.TryParseTime(text, out var time);

        Assert.Equal(milliseconds, isTime ? (int)time.TotalMilliseconds : -1);
    }
}
