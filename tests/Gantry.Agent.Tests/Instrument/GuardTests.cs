using System.Runtime.Versioning;
using Gantry.Agent.Boot;
using Gantry.Agent.Tests.Support;

namespace Gantry.Agent.Tests.Instrument;

public sealed class GuardTests
{
    [Fact]
    public void What_no_line_allows_is_forbidden()
    {
        var guard = Guard.Parse("# ours\nallow attach /opt/*\n\nallow restart shop-*.service # one by one\nallow injector\n", out _)!;

        Assert.True(guard.Allows(GuardedAction.Attach, "/opt/shop/pay"));
        Assert.False(guard.Allows(GuardedAction.Attach, "/usr/bin/dotnet"));
        Assert.True(guard.Allows(GuardedAction.Restart, "shop-pay.service"));
        Assert.False(guard.Allows(GuardedAction.Restart, "sshd.service"));
        Assert.True(guard.Allows(GuardedAction.Injector));
        Assert.False(guard.Allows(GuardedAction.Run, "/usr/bin/obi"));
        Assert.Equal((true, false), (guard.AllowsAny(GuardedAction.Attach), guard.AllowsAny(GuardedAction.Unit)));
    }

    [Theory]
    [InlineData("allow everything", "line 1 is 'allow everything'")]
    [InlineData("allow attach\ndeny attach", "line 2 is 'deny attach'")]
    [InlineData("allow", "line 1")]
    [InlineData("allow attach a b", "line 1")]
    public void One_wrong_line_makes_no_guard_and_is_named(string text, string words)
    {
        Assert.Null(Guard.Parse(text, out var problems));
        Assert.Contains(words, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Without_a_file_everything_is_forbidden_and_a_file_that_others_can_write_is_none()
    {
        using var host = new FakeHost();
        var path = host.PathOf("guard.conf");
        Assert.False(Guard.Read(path).AllowsAny(GuardedAction.Attach));

        File.WriteAllText(path, "allow attach\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.True(Guard.Read(path).Allows(GuardedAction.Attach, "x"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.Contains("chmod go-w", Assert.Throws<InvalidDataException>(() => Guard.Read(path)).Message, StringComparison.Ordinal);
    }
}
