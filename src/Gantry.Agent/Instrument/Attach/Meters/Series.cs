namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>One instrument with one set of attributes.</summary>
/// <param name="startUnixNano">Since when it counts: the beginning of the interval that it first came in.</param>
/// <param name="attributes">Its attributes as OTLP writes them in a point, tags included.</param>
internal sealed class Series(Instrument instrument, ulong startUnixNano, byte[] attributes)
{
    private double _lowest;

    public Instrument Instrument { get; } = instrument;

    public ulong StartUnixNano { get; } = startUnixNano;

    public byte[] Attributes { get; } = attributes;

    public ulong Count { get; private set; }

    public double Sum { get; private set; }

    public double Value { get; private set; }

    /// <summary>Interpolated; null for what is no duration.</summary>
    public ulong[]? Buckets { get; private set; }

    /// <summary>Adds an interval of a histogram.</summary>
    public void Add(int count, double sum, Quantiles quantiles)
    {
        if (count <= 0 || !double.IsFinite(sum))
        {
            return;
        }

        Count += (ulong)count;
        Sum += sum;
        if (Instrument.Unit == "s")
        {
            Buckets ??= new ulong[Estate.Red.DurationBuckets.Count];
            QuantileSpread.Add(Buckets, count, sum, quantiles);
        }
    }

    /// <summary>Takes an interval of anything else.</summary>
    /// <param name="rate">How much it changed in the interval.</param>
    /// <param name="value">Where it stands.</param>
    public void Take(double rate, double value)
    {
        switch (Instrument.Kind)
        {
            case InstrumentKind.Counter:
                Value += Math.Max(0, rate);
                break;
            case InstrumentKind.UpDownCounter:
                // It counts from attaching on: what began before and ends after makes it negative. So it says how many there are at least.
                _lowest = Math.Min(_lowest, value);
                Value = value - _lowest;
                break;
            default:
                Value = value;
                break;
        }
    }
}

/// <param name="Unit">UCUM.</param>
internal sealed record Instrument(string Meter, string MeterVersion, string Name, string Unit, string Description, InstrumentKind Kind)
{
    public List<Series> Series { get; } = [];
}
