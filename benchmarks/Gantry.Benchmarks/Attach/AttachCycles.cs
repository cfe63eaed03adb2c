using System.Diagnostics;
using Gantry.Agent.Instrument.Attach;

namespace Gantry.Benchmarks.Attach;

/// <summary>Attaches and detaches many times, and looks at what stays open in the service and in this process, which plays the agent.</summary>
internal static class AttachCycles
{
    public const int Usual = 1000;

    /// <summary>What a runtime makes at the first few times and keeps is no leak.</summary>
    private const int WarmUp = 20;

    private const int LookEvery = 100;

    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    private static readonly AttachSettings Settings = new() { CollectEvery = TimeSpan.FromMilliseconds(100), ExportEvery = TimeSpan.FromMilliseconds(100) };

    /// <param name="words">Told what is open more than at the beginning, each hundred cycles.</param>
    public static async Task<CycleResult> RunAsync(AttachedTarget target, Uri gateway, int count, TextWriter words)
    {
        // The first line that is written opens handles too: those of the console.
        words.WriteLine($"{WarmUp} attachings to warm up, then {count}");
        await CycleAsync(target, gateway, WarmUp);
        var (agent, memory) = (Environment.ProcessId, await target.MemoryAsync());
        var (files, own, resident, ownMemory) = (target.Descriptors, AttachedTarget.DescriptorsOf(agent), target.ResidentBytes, GC.GetTotalMemory(forceFullCollection: true));
        for (var done = 0; done < count;)
        {
            var next = Math.Min(LookEvery, count - done);
            await CycleAsync(target, gateway, next);
            done += next;
            words.WriteLine($"after {done} attachings: {Words(AttachedTarget.More(files, target.Descriptors))} more in the service, {Words(AttachedTarget.More(own, AttachedTarget.DescriptorsOf(agent)))} in the agent");
        }

        var memoryAfter = await target.MemoryAsync();

        // A connection that was just closed has its other end open for a moment.
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < SettleLimit && (AttachedTarget.More(files, target.Descriptors).Count > 0 || AttachedTarget.More(own, AttachedTarget.DescriptorsOf(agent)).Count > 0))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var result = new CycleResult(
            AttachedTarget.More(files, target.Descriptors),
            AttachedTarget.More(own, AttachedTarget.DescriptorsOf(agent)),
            memory,
            memoryAfter,
            resident,
            target.ResidentBytes,
            ownMemory,
            GC.GetTotalMemory(forceFullCollection: true));
        words.WriteLine($"{count} attachings: {Words(result.ServiceHandles)} left in the service, {Words(result.AgentHandles)} in the agent; "
            + $"managed memory {memory / 1024} -> {memoryAfter / 1024} KiB and {ownMemory / 1024} -> {result.AgentBytesAfter / 1024} KiB");
        return result;
    }

    private static async Task CycleAsync(AttachedTarget target, Uri gateway, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var attached = await target.AttachAsync(gateway, Settings);
        }
    }

    private static string Words(IReadOnlyList<Handles> handles) => handles.Count == 0 ? "no handle" : string.Join(", ", handles.Select(item => $"{item.More} {item.What}"));
}

/// <param name="What">"socket", "pipe", "anon_inode:[eventpoll]", a file's path.</param>
/// <param name="More">Open, than before.</param>
internal sealed record Handles(string What, int More);

internal sealed record CycleResult(
    IReadOnlyList<Handles> ServiceHandles, IReadOnlyList<Handles> AgentHandles, long ServiceBytesBefore, long ServiceBytesAfter, long ServiceResidentBefore, long ServiceResidentAfter, long AgentBytesBefore, long AgentBytesAfter)
{
    public int LeakedHandles => ServiceHandles.Concat(AgentHandles).Sum(item => item.More);
}
