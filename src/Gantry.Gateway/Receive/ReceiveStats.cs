namespace Gantry.Gateway.Receive;

/// <summary>What the doors went through since the gateway started. Thread-safe; each number stands for itself.</summary>
internal sealed class ReceiveStats
{
    private long _admitted;
    private long _waited;
    private long _refused;
    private long _unauthenticated;

    /// <summary>Requests that were given room.</summary>
    public long Admitted => Volatile.Read(ref _admitted);

    /// <summary>Requests that had to wait for room.</summary>
    public long Waited => Volatile.Read(ref _waited);

    /// <summary>Requests that were turned away for want of room, and told when to come again.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Requests without a bearer token that is accepted.</summary>
    public long Unauthenticated => Volatile.Read(ref _unauthenticated);

    public void CountAdmitted() => Interlocked.Increment(ref _admitted);

    public void CountWait() => Interlocked.Increment(ref _waited);

    public void CountRefusal() => Interlocked.Increment(ref _refused);

    public void CountUnauthenticated() => Interlocked.Increment(ref _unauthenticated);
}
