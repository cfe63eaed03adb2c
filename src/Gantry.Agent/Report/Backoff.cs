namespace Gantry.Agent.Report;

/// <summary>
/// Waits between attempts: a random part of a bound that doubles from 1 s to 60 s (full jitter). A fleet that lost its hub at one moment so comes
/// back spread out, from the first attempt on.
/// </summary>
internal sealed class Backoff(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        var bound = Math.Min(Most.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(_failures, 16)));
        _failures++;
        return TimeSpan.FromSeconds(random.NextDouble() * bound);
    }
}
