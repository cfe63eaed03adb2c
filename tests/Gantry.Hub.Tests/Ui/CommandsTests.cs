using System.Diagnostics;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Observations;
using Gantry.Hub.Ui;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Ui;

/// <summary>What is made to be pasted into a shell, given to one.</summary>
public class CommandsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    [Theory]
    [InlineData("cart")]
    [InlineData("a b")]
    [InlineData("it's")]
    [InlineData("$(id) `id` \"$HOME\"")]
    [InlineData("x; rm -rf ~")]
    [InlineData("[ab]* ~ # & | > f")]
    [InlineData("")]
    public async Task A_name_is_one_word(string name) =>
        Assert.Equal(["get", "services", name, "-o", "wide"], await WordsAsync(Commands.About("gantry get services", name, "-o wide")));

    [Theory]
    [InlineData("-x")]
    [InlineData("--hub=http://evil.example")]
    [InlineData("--")]
    [InlineData("-a b'c")]
    public async Task A_name_that_could_be_an_option_stands_last_behind_two_dashes(string name)
    {
        Assert.Equal(["get", "services", "-o", "wide", "--", name], await WordsAsync(Commands.About("gantry get services", name, "-o wide")));
        Assert.Equal(["get", "edges", "--", name], await WordsAsync(Commands.Edges(name)));
        Assert.Equal(["get", "services", "-o", "json", "--", name], await WordsAsync(Commands.Service(name)));
        Assert.Equal(["next", $"--owner={name}", "--most", "50"], await WordsAsync(Commands.Next(name)));
    }

    [Theory]
    [InlineData("a\nid", "aid")]
    [InlineData("a\r\u001b[201~id", "a[201~id")]
    [InlineData("a\u202edi", "adi")]
    [InlineData("\n-x", "-x")]
    public async Task What_cannot_be_seen_comes_into_no_command(string name, string left)
    {
        var words = await WordsAsync(Commands.About("gantry get services", name));

        Assert.Equal(left.StartsWith('-') ? ["get", "services", "--", left] : ["get", "services", left], words);
        Assert.Equal("gantry get services a-1", Commands.About("gantry get services", name, id: "a-1"));
    }

    [Fact]
    public async Task Steps_of_a_hostile_name_run_nothing_but_what_they_say()
    {
        const string Name = "-x\nid; '";
        var steps = new ServiceSteps("http://[::1]:4318");
        var row = Estates.Service(Name, 2, Now) with { Id = "-x-1" };

        Assert.Equal(["get", "services", "-o", "wide", "--", "-x-1"], await WordsAsync(steps.For(row with { Stale = true })!.Command));
        Assert.Equal(["get", "edges", "--", "-x-1"], await WordsAsync(steps.For(row)!.Command));
        var other = steps.For(row with { Rung = 0, Dark = true, Language = "php" })!;
        Assert.Equal(["method", "--", "-x-1"], await WordsAsync(other.Command));
        var java = steps.For(row with { Rung = 0, Dark = true })!.Command;
        Assert.Contains("OTEL_SERVICE_NAME=x-id--- OTEL_EXPORTER_OTLP_ENDPOINT='http://[::1]:4318' ", java, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.1:4318", "http://10.0.0.1:4318")]
    [InlineData("https://gateway.example/v1/x?y", "https://gateway.example")]
    [InlineData("http://u:secret@gateway.example", "")]
    [InlineData("ftp://gateway.example", "")]
    [InlineData("x; id", "")]
    [InlineData("/tmp", "")]
    public void Where_to_send_is_an_address_or_nothing(string told, string taken)
    {
        var store = new ObservationStore(TimeProvider.System);
        var batch = Reports.Batch(full: true);
        batch.OtlpHttp = told;

        store.Take(batch);

        Assert.Equal(taken, Assert.Single(store.Gateways_NeedsLock).OtlpHttp);
    }

    /// <summary>The words that the program would get.</summary>
    private static async Task<string[]> WordsAsync(string command)
    {
        Assert.DoesNotContain(command, char.IsControl);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"gantry() {{ printf '%s\\n' \"$@\"; }}\n{command}"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var words = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return words.TrimEnd('\n') is var text && words.Length > 0 ? text.Split('\n') : [];
    }
}
