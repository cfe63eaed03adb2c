using Gantry.Estate.Sampling;

namespace Gantry.Gateway.Sample;

/// <summary>
/// The policy in force at this gateway. Whoever samples a batch reads <see cref="InForce"/> once, goes by its model, and tells it what became of the
/// spans: so what was seen and kept always belongs to the policy that decided it, also when another one came in force meanwhile.
/// </summary>
internal sealed class SamplerState(TimeProvider time)
{
    private volatile SamplingInForce _inForce = new(SamplingModel.KeepAll, time.GetUtcNow());

    public SamplingInForce InForce => _inForce;

    public SamplingModel Current => _inForce.Model;

    /// <summary>In force with the next batch; no request waits for it or is lost by it.</summary>
    public void Swap(SamplingModel model) => _inForce = new SamplingInForce(model, time.GetUtcNow());
}

/// <summary>A policy with its effect since it came in force.</summary>
internal sealed class SamplingInForce(SamplingModel model, DateTimeOffset since)
{
    private long _seen;
    private long _kept;

    public SamplingModel Model { get; } = model;

    public DateTimeOffset Since { get; } = since;

    /// <summary>Spans of accepted requests.</summary>
    public ulong Seen => (ulong)Volatile.Read(ref _seen);

    public ulong Kept => (ulong)Volatile.Read(ref _kept);

    /// <summary>Once a batch, never once a span. Any thread.</summary>
    public void Count(long seen, long kept)
    {
        Interlocked.Add(ref _seen, seen);
        Interlocked.Add(ref _kept, kept);
    }
}
