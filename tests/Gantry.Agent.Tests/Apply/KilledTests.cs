using System.Diagnostics;

namespace Gantry.Agent.Tests.Apply;

/// <summary>A real process that changes files, killed (SIGKILL) at each of its steps: afterwards the host is as it was, or as it was to be.</summary>
public sealed class KilledTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "../../Gantry.Agent.Crash", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Gantry.Agent.Crash.dll");

    [Theory]
    [InlineData("nothing", "new")]
    [InlineData("old", "new")]
    [InlineData("new", "old")]
    [InlineData("new", "nothing")]
    public async Task Killed_at_any_step_the_host_has_the_old_files_or_the_new_ones(string before, string after)
    {
        using var plan = new HostCopy();
        var original = plan.Snapshot();
        await RunAsync(plan, before);
        var old = plan.Snapshot();
        var steps = (await RunAsync(plan, after)).Lines;
        var wanted = plan.Snapshot();
        Assert.NotEqual(old, wanted);
        Assert.True(steps.Length > 10, string.Join('\n', steps));

        var (undone, done) = (0, 0);
        await Parallel.ForAsync(1, steps.Length + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (step, cancellation) =>
        {
            using var host = new HostCopy();
            cancellation.ThrowIfCancellationRequested();
            await RunAsync(host, before);
            var killed = await RunAsync(host, after, step);
            Assert.Equal(137, killed.Code);
            Assert.Equal(step, killed.Lines.Length);

            host.Files().Recover();

            var now = host.Snapshot();
            Assert.True(now == old || now == wanted, $"killed behind '{steps[step - 1]}':\n{now}\nis neither\n{old}\nnor\n{wanted}");
            _ = now == old ? Interlocked.Increment(ref undone) : Interlocked.Increment(ref done);

            // From either, both ways lead on.
            await RunAsync(host, after);
            Assert.Equal(wanted, host.Snapshot());
            host.Files().Set([]);
            Assert.Equal(original, host.Snapshot());
        });
        Assert.True(undone > 0 && done > 0, $"{undone} {done}");
    }

    [Fact]
    public async Task Killed_while_it_undoes_it_undoes_the_rest_the_next_time()
    {
        using var plan = new HostCopy();
        await RunAsync(plan, "old");
        var old = plan.Snapshot();
        var steps = (await RunAsync(plan, "new")).Lines;
        var cut = Array.FindIndex(steps, step => step.StartsWith("/etc/ld.so.preload in place", StringComparison.Ordinal)) + 1;
        Assert.True(cut > 0, string.Join('\n', steps));
        for (var step = 1; ; step++)
        {
            using var host = new HostCopy();
            await RunAsync(host, "old");
            await RunAsync(host, "new", cut);
            var recover = await RunAsync(host, "recover", step);

            host.Files().Recover();

            Assert.Equal(old, host.Snapshot());
            if (recover.Code == 0)
            {
                Assert.True(step > 5);
                break;
            }
        }
    }

    [Fact]
    public async Task The_preload_line_comes_last_and_goes_first()
    {
        using var host = new HostCopy();

        var there = (await RunAsync(host, "new")).Lines;
        var back = (await RunAsync(host, "nothing")).Lines;

        Assert.Equal("/etc/ld.so.preload in place", there.Last(step => step.EndsWith("in place", StringComparison.Ordinal) && step[0] == '/'));
        Assert.Equal("/etc/ld.so.preload in place", back.First(step => step[0] == '/' && step.Split(' ')[^1] is "place" or "removed"));
    }

    private static async Task<(int Code, string[] Lines)> RunAsync(HostCopy host, string what, int? step = null)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, host.Root, host.State, what, .. step is null ? Array.Empty<string>() : [$"{step}"]]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
