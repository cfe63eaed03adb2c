using System.Text.Json;

namespace Gantry.System.Tests;

/// <summary>The journey of a real shop, with a real queue, that loses its traces in three places: named, closed, gone.</summary>
// One shop at a time: each counts the processes of its build, and how fast it is mended depends on what else runs.
[Collection("The shop")]
public sealed class GapsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gantry-gaps-");

    [Fact]
    public async Task Three_breaks_are_named_with_cause_and_fix_and_each_is_gone_within_thirty_seconds_of_its_fix()
    {
        await using var up = await RunningGantry.UpAsync(Path.Combine(_data.FullName, "up"));
        var environment = up.Environment.Append(("GANTRY_DATA", _data.FullName)).Append(("PATH", PathWithRabbit())).ToArray();

        var (code, output, error) = await GantryProcess.RunAsync(environment, Limit, "demo", "--gaps", "--json");

        Assert.True(code == 0, $"exit code {code}\n{output}\n{error}");
        using var json = JsonDocument.Parse(output);
        var result = json.RootElement;
        var gaps = result.GetProperty("gaps").EnumerateArray().ToList();
        Assert.Equal(
            [
                ("context-not-continued", "storefront", "", "catalog"),
                ("hop-dark", "storefront", "", "payments"),
                ("queue-loses-context", "storefront", "orders", "fulfilment"),
            ],
            gaps.Select(gap => gap.GetProperty("break")).Select(Place).Order());
        Assert.All(gaps, gap => Assert.NotEqual("", gap.GetProperty("break").GetProperty("cause").GetString()));
        Assert.All(gaps, gap => Assert.NotEqual("", gap.GetProperty("break").GetProperty("fix").GetString()));
        Assert.Equal(["OTEL_PROPAGATORS=tracecontext,baggage", "OTEL_PROPAGATORS=tracecontext,baggage", "dotnet-attach"], gaps.Select(gap => Text(gap, "fixedBy")).Order(StringComparer.Ordinal));
        var dark = gaps.Single(gap => Text(gap, "code") == "hop-dark").GetProperty("break");
        Assert.Equal("dotnet-attach", Text(dark, "method"));
        Assert.StartsWith("gantry instrument ", Text(dark, "command"));
        Assert.All(gaps, gap => Assert.InRange(gap.GetProperty("seconds").GetDouble(), 0, 30));
        Assert.Empty(result.GetProperty("unexpected").EnumerateArray());
        Assert.Empty(result.GetProperty("left").EnumerateArray());

        // Nothing is left: no service, no node, no names server, and nothing declared.
        Assert.Empty(Left());
        Assert.False(Directory.Exists(Path.Combine(_data.FullName, "demo/rabbitmq")));
        using var http = new HttpClient();
        Assert.Equal("[]", (await http.GetStringAsync(new Uri(up.Hub + "api/v1/journeys"))).Trim());
        await up.StopAsync(GantryProcess.SigTerm);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private static (string Code, string From, string Queue, string To) Place(JsonElement row) =>
        (Text(row, "code"), Text(row.GetProperty("from"), "name"), Text(row, "queue"), Text(row.GetProperty("to"), "name").Replace(".dll", "", StringComparison.Ordinal));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>Where ./test unpacks it; else it is installed.</summary>
    private static string PathWithRabbit() =>
        $"{Path.Combine(Repository.Root, "artifacts/tools/rabbitmq/usr/lib/rabbitmq/bin")}:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>Processes that the demo started, or that those started: they have its environment.</summary>
    private List<string> Left() => Directory.GetDirectories("/proc").Where(IsLeft).ToList();

    private bool IsLeft(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains($"GANTRY_DATA={_data.FullName}", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has just ended.
            return false;
        }
    }
}
