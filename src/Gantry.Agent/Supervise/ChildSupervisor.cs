using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Supervise;

/// <summary>
/// Keeps one program running. Has no timer and no thread: the agent calls <see cref="Tick"/> once a second, and all calls come from its one loop.
/// <code>
/// Stopped ── Want ──► Starting ── healthy ──► Healthy ◄──► Unhealthy
///    ▲                   │  too late │ ended │ too large      │ too often
///    │                   ▼           ▼       ▼                ▼
///    └── Stopping ◄── Want(null)     Backoff ── too many ends ──► GivenUp
/// </code>
/// Never more than one instance: the next one is started when nothing of the one before runs.
/// </summary>
internal sealed class ChildSupervisor(Guard guard, ProcFiles proc, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private ChildOptions? _wanted;
    private ChildOptions? _running;
    private ProcessGroup? _child;
    private HealthCheck? _health;
    private OutputTail _tail = new([]);
    private ChildState _state;
    private string _reason = "";
    private long _since;
    private long _lastHealth;
    private bool _isKilled;
    private int _unhealthy;
    private int _ends;
    private int _starts;
    private long _memory;
    private TimeSpan _wait;

    public ChildStatus Status => new(_state, _child?.Pid ?? 0, _memory, _starts, _reason);

    /// <summary>The end of its output, for a person.</summary>
    public string Output => _tail.Text;

    /// <param name="options">
    /// Null: it is to be stopped. Other options than it runs with: it is stopped, and started with these; a program that was given up gets one try with them.
    /// </param>
    public void Want(ChildOptions? options)
    {
        if (options is not null && options == _wanted)
        {
            return;
        }

        // Another configuration is the same program: if each one made its ends be forgotten, one that never runs would be started for ever.
        var isSame = options is not null && options.Program == _wanted?.Program;
        _wanted = options;
        _ends = isSame ? _ends : 0;
        if (_child is not null)
        {
            BeginStop(options is null ? "no longer wanted" : "wanted otherwise");
        }
        else if (!isSame || _state != ChildState.Backoff)
        {
            Enter(ChildState.Stopped, "");
        }
    }

    /// <summary>Looks after it. Takes no longer than a few reads of /proc.</summary>
    public void Tick()
    {
        switch (_state)
        {
            case ChildState.Stopped when _wanted is not null:
            case ChildState.Backoff when Elapsed >= _wait:
                Start();
                break;
            case ChildState.Starting or ChildState.Healthy or ChildState.Unhealthy:
                Watch();
                break;
            case ChildState.Stopping:
                WatchStop();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Want(null);
        while (_state == ChildState.Stopping)
        {
            Tick();
            if (_state == ChildState.Stopping)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time);
            }
        }

        Release();
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_since);

    private void Start()
    {
        _running = _wanted!;
        if (!guard.Allows(GuardedAction.Run, _running.Program))
        {
            GiveUp($"the guard file of this host does not allow it; '{Guard.LineFor(GuardedAction.Run, _running.Program)}' would");
            return;
        }

        _tail = new OutputTail(_running.Secrets);
        _child = ProcessGroup.Start(_running, _tail, out var problem);
        if (_child is null)
        {
            GiveUp(problem);
            return;
        }

        _health?.Dispose();
        _health = new HealthCheck(_running);
        _unhealthy = 0;
        _starts++;
        Enter(_health.IsAsked ? ChildState.Starting : ChildState.Healthy, "");
        _lastHealth = time.GetTimestamp();
        Log.Started(logger, _running.Program, _child.Pid);
    }

    private void Watch()
    {
        if (_child!.HasEnded)
        {
            Ended($"exit code {_child.ExitCode}");
            return;
        }

        _memory = ProcessGroup.Memory(proc, _child.Pid);
        if (_running!.MostMemory > 0 && _memory > _running.MostMemory)
        {
            BeginStop($"it has {_memory >> 20} MiB of memory, and may have {_running.MostMemory >> 20}");
            return;
        }

        if (_health!.IsAsked)
        {
            WatchHealth();
        }

        if (_state == ChildState.Healthy && _ends > 0 && Elapsed >= _running.WellAfter)
        {
            _ends = 0;
        }
    }

    private void WatchHealth()
    {
        if (_state != ChildState.Starting && time.GetElapsedTime(_lastHealth) < _running!.HealthEvery)
        {
            return;
        }

        if (_health!.Poll() is not { } isHealthy)
        {
            // Also one that takes questions and answers none comes to an end here: a question has a limit.
            return;
        }

        _lastHealth = time.GetTimestamp();
        if (isHealthy)
        {
            _unhealthy = 0;
            if (_state != ChildState.Healthy)
            {
                Enter(ChildState.Healthy, "");
            }
        }
        else if (_state == ChildState.Starting)
        {
            if (Elapsed >= _running!.StartWithin)
            {
                BeginStop($"it was not healthy within {_running.StartWithin.TotalSeconds} s of its start");
            }
        }
        else if (++_unhealthy >= _running!.MostUnhealthy)
        {
            BeginStop($"{_unhealthy} health checks in a row failed");
        }
        else
        {
            Enter(ChildState.Unhealthy, $"{_unhealthy} of {_running.MostUnhealthy} health checks failed");
        }
    }

    private void BeginStop(string reason)
    {
        if (_state != ChildState.Stopping)
        {
            Enter(ChildState.Stopping, reason);
            _isKilled = false;
            _child!.AskToEnd();
        }
    }

    private void WatchStop()
    {
        if (_child!.HasEnded)
        {
            Ended(_reason);
        }
        else if (!_isKilled && Elapsed >= _running!.StopWithin)
        {
            _isKilled = true;
            _child.KillAll();
        }
    }

    private void Ended(string reason)
    {
        var (program, pid, wasWanted) = (_running!.Program, _child!.Pid, _wanted == _running);
        var last = _tail.LastLine;
        var wasWell = _state == ChildState.Healthy && Elapsed >= _running.WellAfter;
        Release();
        if (!wasWanted)
        {
            Log.Stopped(logger, program, reason);
            Enter(ChildState.Stopped, "");
            return;
        }

        _ends = wasWell ? 1 : _ends + 1;
        reason = last.Length > 0 ? $"{reason}; it last said: {last}" : reason;
        if (_ends >= _running.MostEnds)
        {
            GiveUp($"it ended {_ends} times without having been well in between; the last time: {reason}");
            return;
        }

        var factor = Math.Pow(2, Math.Min(_ends - 1, 20));
        _wait = TimeSpan.FromTicks((long)Math.Min(_running.LongestBackoff.Ticks, _running.FirstBackoff.Ticks * factor));
        Log.Ended(logger, program, pid, reason, _wait.TotalSeconds);
        Enter(ChildState.Backoff, reason);
    }

    private void GiveUp(string reason)
    {
        Log.GivenUp(logger, _running!.Program, reason);
        Enter(ChildState.GivenUp, reason);
    }

    /// <summary>Ends what the child started, and left behind.</summary>
    private void Release()
    {
        _child?.Dispose();
        _child = null;
        _memory = 0;
        _health?.Dispose();
        _health = null;
    }

    private void Enter(ChildState state, string reason)
    {
        _state = state;
        _reason = reason;
        _since = time.GetTimestamp();
    }
}
