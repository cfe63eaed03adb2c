using System.Diagnostics;
using System.Globalization;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Benchmarks.Servers;
using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Benchmarks.Attach;

/// <summary>The service in a process of its own, and the agent's way to attach to it.</summary>
internal sealed class AttachedTarget : IDisposable
{
    private static readonly InstrumentationRule Rule = new("bench", RuleAction.Allow, new ProcessMatch());
    private static readonly TimeSpan AttachLimit = TimeSpan.FromSeconds(30);

    private const string Replaced = " (deleted)";

    private readonly Process _process;
    private readonly ProcessFact _fact;
    private readonly HttpClient _client;
    private readonly ulong _boot;

    private AttachedTarget(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _client = new HttpClient { BaseAddress = address };
        using var proc = new ProcFiles("/proc");
        _boot = BootTime.ReadUnixNano(proc);
        _fact = new ProcessFact
        {
            Pid = (uint)process.Id,
            StartUnixNano = _boot + (DiagnosticPort.StartTicks(proc, process.Id) * 10_000_000),
            DeclaredService = "target",
        };
    }

    public Uri Address { get; }

    public double CpuSeconds => ProcessUsage.CpuSeconds(_process.Id);

    public long ResidentBytes => ProcessUsage.ResidentBytes(_process.Id);

    public IReadOnlyDictionary<string, int> Descriptors => DescriptorsOf(_process.Id);

    /// <summary>How many are open of what: "socket", "pipe", "anon_inode:[eventpoll]", a file's path. But for assemblies: a runtime loads each when it is first needed, and keeps it. The kernel
    /// names a file that was replaced meanwhile, as by a build, with " (deleted)" behind: it is still the same handle.</summary>
    public static IReadOnlyDictionary<string, int> DescriptorsOf(int pid) =>
        new DirectoryInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")).EnumerateFileSystemInfos()
            .Select(item => item.LinkTarget).OfType<string>().Select(link => link.EndsWith(Replaced, StringComparison.Ordinal) ? link[..^Replaced.Length] : link)
            .Where(link => !link.EndsWith(".dll", StringComparison.Ordinal))
            .Select(link => link.Contains(":[", StringComparison.Ordinal) && !link.StartsWith("anon_inode", StringComparison.Ordinal) ? link[..link.IndexOf(':', StringComparison.Ordinal)] : link)
            .GroupBy(link => link).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>What is open now and was not before: "socket +2".</summary>
    public static IReadOnlyList<Handles> More(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> now) =>
        [.. now.Select(item => new Handles(item.Key, item.Value - before.GetValueOrDefault(item.Key))).Where(item => item.More > 0)];

    public static async Task<AttachedTarget> StartAsync()
    {
        var process = Process.Start(Programs.AttachTarget()) ?? throw new BenchmarkException("the service did not start");
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return Uri.TryCreate(line, UriKind.Absolute, out var address)
            ? new AttachedTarget(process, address)
            : throw new BenchmarkException("the service ended before it was ready");
    }

    /// <summary>Its managed memory after a full collection.</summary>
    public async Task<long> MemoryAsync()
    {
        using var response = await _client.GetAsync("/memory");
        var buffer = new byte[32];
        await using var body = await response.Content.ReadAsStreamAsync();
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        return long.Parse(buffer.AsSpan(0, length), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Attaches, and returns when the sessions are open.</summary>
    public async Task<AttachedOnce> AttachAsync(Uri gateway, AttachSettings settings)
    {
        var host = new HostIdentity("bench", "bench", "", "", "");
        var instrumenter = new AttachInstrumenter("/proc", _boot, host, gateway, Guard.Allowing(GuardedAction.Attach), TimeProvider.System, NullLogger.Instance, settings);
        instrumenter.Want(InstrumentationPlan.Nothing, [new Target(_fact, Rule, AttachInstrumenter.Method)]);
        var start = Stopwatch.GetTimestamp();
        while (instrumenter.StatusOf(_fact) is { State: not (InstrumentationState.Loaded or InstrumentationState.Observed) } status)
        {
            if (Stopwatch.GetElapsedTime(start) > AttachLimit || status.State == InstrumentationState.Blocked)
            {
                throw new BenchmarkException($"not attached: {status.Message}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return new AttachedOnce(instrumenter);
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>Attached, with the agent's second hand, until it is disposed.</summary>
internal sealed class AttachedOnce : IAsyncDisposable
{
    private readonly AttachInstrumenter _instrumenter;
    private readonly AttachedProcess _process;
    private readonly PeriodicTimer _second = new(TimeSpan.FromSeconds(1), TimeProvider.System);
    private readonly Task _ticking;

    public AttachedOnce(AttachInstrumenter instrumenter)
    {
        _instrumenter = instrumenter;
        _process = instrumenter.Attached.Single();
        _ticking = TickAsync();
    }

    public ulong Dropped => _process.Dropped;

    public long Spans => _process.Tally.Spans;

    public async ValueTask DisposeAsync()
    {
        _second.Dispose();
        await _ticking;
        await _instrumenter.DisposeAsync();
    }

    private async Task TickAsync()
    {
        while (await _second.WaitForNextTickAsync())
        {
            _instrumenter.Tick();
        }
    }
}
