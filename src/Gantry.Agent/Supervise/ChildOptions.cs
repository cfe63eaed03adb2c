namespace Gantry.Agent.Supervise;

/// <summary>A program that the agent runs, and how it is watched.</summary>
/// <param name="Program">Absolute path. The guard's <c>allow run</c> must name it.</param>
internal sealed record ChildOptions(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Beside PATH, all that it gets of an environment: the agent's own may hold its token.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Asked with GET every few seconds, 200 to 299 is healthy: "http://127.0.0.1:13133/healthz". Null: running is healthy.</summary>
    public Uri? Health { get; init; }

    /// <summary>A unix socket that <see cref="Health"/> is asked over; "" for TCP.</summary>
    public string HealthSocket { get; init; } = "";

    /// <summary>Until its first healthy answer.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan HealthEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many failed answers in a row, and it is stopped and started again.</summary>
    public int MostUnhealthy { get; init; } = 3;

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Resident memory of it and its children, in bytes; above it is stopped and started again. 0: no ceiling.</summary>
    public long MostMemory { get; init; }

    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Well for so long, and its earlier ends are forgotten.</summary>
    public TimeSpan WellAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>So many ends without having been well in between, and it is given up until it is asked for anew.</summary>
    public int MostEnds { get; init; } = 6;

    /// <summary>Texts that never stand in what is kept of its output.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}

internal enum ChildState
{
    Stopped,
    Starting,
    Healthy,
    Unhealthy,
    Stopping,

    /// <summary>Ended, and waiting for its next start.</summary>
    Backoff,

    /// <summary>Ended too often, or may not run; the reason says it.</summary>
    GivenUp,
}

/// <summary>What a child is now.</summary>
/// <param name="Pid">0 when it does not run.</param>
/// <param name="Reason">Why it is in this state, with the end of its output; "" where there is nothing to say.</param>
internal sealed record ChildStatus(ChildState State, int Pid, long Memory, int Starts, string Reason);
