namespace Gantry.Agent.Instrument.Attach;

/// <summary>What became of a process's data since it was attached to; numbers only grow. Safe for concurrent use.</summary>
internal sealed class Tally
{
    private long _spans;
    private long _points;
    private long _lostSpans;
    private long _lostPoints;

    public long Spans => Volatile.Read(ref _spans);

    public long Points => Volatile.Read(ref _points);

    public long LostSpans => Volatile.Read(ref _lostSpans);

    public bool HasForwarded => Spans + Points > 0;

    public void Add(bool areSpans, int count, bool isTaken) =>
        Interlocked.Add(ref areSpans ? ref (isTaken ? ref _spans : ref _lostSpans) : ref (isTaken ? ref _points : ref _lostPoints), count);

    /// <summary>"1,204 spans and 36 metric points forwarded".</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Spans:N0} spans and {Points:N0} metric points forwarded");
}
