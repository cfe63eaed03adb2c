using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace Gantry.Cli.Tests.Demo.Gaps;

/// <summary>What the script that runs the tests takes for an Erlang with which RabbitMQ starts.</summary>
[SupportedOSPlatform("linux")]
public class ErlangTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Its_base_alone_is_not_enough(int answer, bool expected)
    {
        using var folder = new TestFolder();
        folder.Write("epmd", "#!/bin/sh\n");
        folder.Write("erl", $"#!/bin/sh\nprintf '%s' \"$*\" >'{folder["asked"]}'\nexit {answer}\n");
        foreach (var program in (string[])["epmd", "erl"])
        {
            File.SetUnixFileMode(folder[program], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var functions = Regex.Match(Repository.Read("test"), @"^erlang=\(.*?^}$", RegexOptions.Multiline | RegexOptions.Singleline).Value;
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"{functions}\nhas_erlang"]) { UseShellExecute = false };
        start.Environment["PATH"] = folder.Path;
        using var bash = Process.Start(start)!;
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, bash.ExitCode == 0);
        var asked = await File.ReadAllTextAsync(folder["asked"], TestContext.Current.CancellationToken);
        Assert.All((string[])["mnesia", "os_mon", "ssl", "xmerl", "public_key", "eldap"], application => Assert.Contains(application, asked, StringComparison.Ordinal));
    }
}
