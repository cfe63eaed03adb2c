using System.Text.RegularExpressions;

namespace Gantry.System.Tests;

/// <summary>The whole house, with real processes: unmodified services, the published Node.js package, and counts held against access logs.</summary>
// One shop at a time: each counts the processes of its build, and how fast it is mended depends on what else runs.
[Collection("The shop")]
public sealed partial class DemoTests : IDisposable
{
    private static readonly TimeSpan DemoLimit = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gantry-demo-");

    [Fact]
    public async Task The_demo_counts_to_the_request_twice_and_leaves_nothing_behind()
    {
        await using var up = await RunningGantry.UpAsync(Path.Combine(_data.FullName, "up"));
        var environment = up.Environment.Append(("GANTRY_DATA", _data.FullName)).ToArray();

        // 1. As a user runs it.
        var (code, output, error) = await GantryProcess.RunAsync(environment, DemoLimit, "demo");

        Assert.True(code == 0, $"exit code {code}\n{output}\n{error}");
        Assert.Equal([("storefront", 200, 200), ("catalog", 200, 200), ("cart", 190, 190), ("payments", 190, 190)], Counts(output));
        Assert.Equal(4, ClimbedLine().Count(output));
        Assert.Matches(@"(?m)^payments .* yes +untouched$", output);
        Assert.Equal(200, File.ReadLines(Path.Combine(_data.FullName, "demo/logs/storefront.log")).Count(line => line.StartsWith("access storefront POST /purchase ", StringComparison.Ordinal)));
        Assert.Empty(Left());

        // 2. Again, beside what is already counted; then Ctrl-C.
        await using (var keep = GantryProcess.Start(environment, "demo", "--purchases", "40", "--keep"))
        {
            await keep.WaitForAsync("the shop to stay open", () => keep.Error.Contains("until Ctrl-C", StringComparison.Ordinal), DemoLimit);
            Assert.Equal([("storefront", 40, 40), ("catalog", 40, 40), ("cart", 38, 38), ("payments", 38, 38)], Counts(keep.Out));
            Assert.Equal(4, Left().Count);
            await keep.StopAsync(GantryProcess.SigInt);
            Assert.Empty(Left());
        }

        // 3. Ctrl-C in the middle.
        await using (var interrupted = GantryProcess.Start(environment, "demo"))
        {
            await interrupted.WaitForAsync("the shop in the dark", () => interrupted.Error.Contains("purchases were made", StringComparison.Ordinal), DemoLimit);
            await interrupted.StopAsync(GantryProcess.SigInt, 130);
            Assert.Empty(Left());
        }

        await up.StopAsync(GantryProcess.SigTerm);
    }

    public void Dispose() => _data.Delete(recursive: true);

    /// <summary>Processes of a shop that came with this build.</summary>
    private static List<string> Left()
    {
        var shop = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Gantry.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "shop"));
        return Directory.GetDirectories("/proc").Select(CommandLine).Where(line => line.Contains(shop, StringComparison.Ordinal)).ToList();
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has just ended.
            return "";
        }
    }

    private static List<(string Service, int Sent, int Counted)> Counts(string table) => ResultLine().Matches(table)
        .Select(match => (match.Groups["service"].Value, int.Parse(match.Groups["sent"].Value), int.Parse(match.Groups["counted"].Value)))
        .ToList();

    [GeneratedRegex(@"^(?<service>\w+) .* (?<sent>\d+) +(?<counted>\d+) +yes +(restarted|untouched)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResultLine();

    [GeneratedRegex("-> 3 transactions ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClimbedLine();
}
