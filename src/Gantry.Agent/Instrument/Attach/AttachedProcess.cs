using Gantry.Agent.Host;
using Gantry.Agent.Instrument.Attach.Forward;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Report;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Attach;

/// <summary>
/// One process that is to be attached to: opens the sessions, keeps them, opens them again when they break, and ends them when they are not wanted any more.
/// All of it in one task, which ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class AttachedProcess : IAsyncDisposable
{
    /// <summary>A session that lived for this long did work: what ends it is a new trouble.</summary>
    internal static readonly TimeSpan LongLife = TimeSpan.FromSeconds(60);

    private volatile Target _target;
    private readonly AttachContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Tally _tally = new();
    private volatile AttachedSession? _session;
    private volatile AttachException? _failure;
    private volatile string _version = "";
    private MeterArguments _arguments;
    private ulong _droppedBefore;
    private bool _isFailing;

    /// <param name="before">The end of the last one of the same process: nothing is opened until then.</param>
    public AttachedProcess(Target target, AttachContext context, Task before)
    {
        _target = target;
        _context = context;
        _arguments = new MeterArguments(Guid.NewGuid().ToString(), context.Settings.CollectEvery.TotalSeconds);
        _running = Task.Run(() => RunAsync(before));
    }

    /// <summary>Another rule may have chosen it since, by the same names.</summary>
    public Target Target
    {
        get => _target;
        set => _target = value;
    }

    public Tally Tally => _tally;

    public ulong Dropped => Volatile.Read(ref _droppedBefore) + (_session?.Dropped ?? 0);

    public InstrumentationStatus Status()
    {
        var session = _session;
        var failure = _failure;
        var status = new InstrumentationStatus { Method = AttachInstrumenter.Method, Rule = _target.Rule.Name, Dropped = Dropped };
        if (session is null)
        {
            status.State = failure is null ? InstrumentationState.Configured : InstrumentationState.Blocked;
            status.Reason = failure?.Reason ?? "";
            status.Message = failure?.Message ?? "its runtime is being asked for a session";
            return status;
        }

        status.State = _tally.HasForwarded ? InstrumentationState.Observed : InstrumentationState.Loaded;
        status.Evidence = _tally.HasForwarded ? _tally.ToString() : $"session with .NET {_version}";
        status.Message = session.Remark(_tally);
        return status;
    }

    /// <summary>Once a second: sends what has come. Whatever goes wrong costs this session, and never the tick of the others.</summary>
    public void Tick()
    {
        var session = _session;
        try
        {
            session?.Flush(isLast: false);
        }
        catch (Exception error)
        {
            session!.Break(error);
        }
    }

    /// <summary>Ends the sessions and sends the rest. The process is left as it was.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var backoff = new Backoff(Random.Shared);
        var hasJoined = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await AttachAsync(backoff);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (SharedArgumentsException shared) when (!hasJoined && shared.Arguments != _arguments)
            {
                // At once, but once: a process may tell other settings each time, and nothing would slow it down.
                _arguments = shared.Arguments;
                hasJoined = true;
                continue;
            }
            catch (SharedArgumentsException shared)
            {
                _arguments = shared.Arguments;
                hasJoined = false;
                Fail(new AttachException(InstrumentationReasons.Failed, "its runtime refused the settings that it had asked for itself, of another tool that listens to its meters; it is tried again"));
            }
            catch (Exception error)
            {
                hasJoined = false;
                Fail(error as AttachException ?? new AttachException(InstrumentationReasons.Failed, $"the session broke: {error.GetType().Name}"));
            }

            if (!await WaitAsync(backoff.Next()))
            {
                break;
            }
        }
    }

    private async Task AttachAsync(Backoff backoff)
    {
        var path = _context.FindPort(_target.Process);
        var pid = (int)_target.Process.Pid;
        var runtime = await AskAsync(path, pid);
        await using var session = await AttachedSession.OpenAsync(path, _target, runtime, _context, _tally, _arguments, _stop.Token);
        _version = runtime.Version;
        _failure = null;
        _isFailing = false;
        _session = session;
        var opened = _context.Time.GetTimestamp();
        Log.Attached(_context.Logger, _target.Process.Pid, runtime.Version, session.Service);
        try
        {
            await session.RunAsync(_stop.Token);
        }
        finally
        {
            if (_context.Time.GetElapsedTime(opened) >= LongLife)
            {
                backoff.Reset();
            }

            _session = null;
            Volatile.Write(ref _droppedBefore, _droppedBefore + session.Dropped);
            Log.Detached(_context.Logger, _target.Process.Pid, _tally.Spans, _tally.Points, Dropped);
        }
    }

    private async Task<RuntimeFacts> AskAsync(string path, int pid)
    {
        using var connection = await IpcConnection.OpenAsync(path, pid, _context.Time, _stop.Token);
        var answer = await connection.AskAsync(RuntimeFacts.Request(), _context.Time, _stop.Token);
        if (answer is null || RuntimeFacts.Parse(answer) is not { } runtime)
        {
            throw new AttachException(InstrumentationReasons.UnsupportedVersion, "its runtime does not say which it is, so it is older than .NET 6; .NET 8 or later can be attached to");
        }

        return runtime.Major >= AttachInstrumenter.OldestMajor
            ? runtime
            : throw new AttachException(InstrumentationReasons.UnsupportedVersion, $"it runs on .NET {runtime.Major}; .NET {AttachInstrumenter.OldestMajor} or later has the meters that are needed");
    }

    private void Fail(AttachException failure)
    {
        _failure = failure;
        if (!_isFailing)
        {
            _isFailing = true;
            Log.AttachFailed(_context.Logger, _target.Process.Pid, failure.Message);
        }
    }

    private async Task<bool> WaitAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _context.Time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>What all attached processes share.</summary>
internal sealed class AttachContext(ProcFiles proc, ulong bootUnixNano, HostIdentity host, OtlpForwarder forwarder, AttachSettings settings, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();

    public HostIdentity Host { get; } = host;

    public OtlpForwarder Forwarder { get; } = forwarder;

    public AttachSettings Settings { get; } = settings;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    public string FindPort(ProcessFact process)
    {
        lock (_gate)
        {
            return DiagnosticPort.Find(proc, process, bootUnixNano);
        }
    }
}
