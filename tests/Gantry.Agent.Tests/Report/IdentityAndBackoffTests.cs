using Gantry.Agent.Report;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Report;

public sealed class IdentityAndBackoffTests
{
    private readonly RecordedLog _log = new();

    [Fact]
    public void The_identity_survives_a_restart()
    {
        using var host = new FakeHost();
        var folder = host.PathOf("state/deeper");

        var first = new InstanceUid(folder, TimeProvider.System, _log);
        var second = new InstanceUid(folder, TimeProvider.System, _log);

        Assert.Equal(first.Value, second.Value);
        Assert.Equal(7, first.Value.Version);
        Assert.Equal(Convert.ToHexStringLower(first.Bytes), first.Value.ToString("N"));
        Assert.Empty(_log.Entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no uuid")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void A_broken_file_is_replaced(string content)
    {
        using var host = new FakeHost().With("state/instance_uid", content);

        var uid = new InstanceUid(host.PathOf("state"), TimeProvider.System, _log);

        Assert.NotEqual(Guid.Empty, uid.Value);
        Assert.Equal(uid.Value.ToString(), File.ReadAllText(host.PathOf("state/instance_uid")).Trim());
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_said_and_the_agent_goes_on()
    {
        using var host = new FakeHost().With("state", "a file, no folder");

        var uid = new InstanceUid(host.PathOf("state"), TimeProvider.System, _log);

        Assert.NotEqual(Guid.Empty, uid.Value);
        Assert.Equal("StateNotKept", Assert.Single(_log.Entries).Event);
        Assert.False(uid.TryReplace([1, 2, 3]));
    }

    [Fact]
    public void Waits_are_a_random_part_of_a_bound_that_doubles_to_a_minute()
    {
        var most = new Backoff(new Edge(0.999999));
        var waits = Enumerable.Range(0, 9).Select(_ => Math.Round(most.Next().TotalSeconds)).ToArray();

        Assert.Equal([1d, 2, 4, 8, 16, 32, 60, 60, 60], waits);
        most.Reset();
        Assert.Equal(1, Math.Round(most.Next().TotalSeconds));
        Assert.Equal(TimeSpan.Zero, new Backoff(new Edge(0)).Next());
    }

    private sealed class Edge(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
