using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>Every series of one process, from when the session with it was opened: cumulative values, made of the runtime's intervals. Not thread-safe.</summary>
/// <param name="processStartUnixNano">Since when observed counters count.</param>
internal sealed class MeterTable(ulong processStartUnixNano)
{
    /// <summary>The runtime was asked for fewer; another process that speaks for it may send what it wants.</summary>
    private const int MostSeries = 5000;

    private const int MostInstruments = 500;
    private const int LongestText = 512;

    private readonly Dictionary<string, Series> _series = [];
    private readonly Dictionary<(string Meter, string Name), Instrument> _instruments = [];

    public IReadOnlyCollection<Instrument> Instruments => _instruments.Values;

    public int SeriesCount => _series.Count;

    public void Define(ReadOnlySpan<char> meter, ReadOnlySpan<char> version, ReadOnlySpan<char> name, ReadOnlySpan<char> type, ReadOnlySpan<char> unit, ReadOnlySpan<char> description)
    {
        var key = (meter.ToString(), name.ToString());
        if (_instruments.Count < MostInstruments && !_instruments.ContainsKey(key) && KindOf(type) is { } kind && IsBuiltIn(key.Item1))
        {
            _instruments.Add(key, new Instrument(key.Item1, Cut(version), key.Item2, Cut(unit), Cut(description), kind));
        }
    }

    /// <param name="key">Meter, version, instrument, unit and attributes, each behind the other with a zero between: as they stand in the event.</param>
    /// <returns>Null when there are too many, or when the instrument is none of ours.</returns>
    public Series? Find(ReadOnlySpan<char> key, ReadOnlySpan<char> meter, ReadOnlySpan<char> name, ReadOnlySpan<char> tags, InstrumentKind otherwise, ulong intervalStartUnixNano, out bool isNew)
    {
        isNew = false;
        if (_series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var series))
        {
            return series;
        }

        if (_series.Count >= MostSeries || !IsBuiltIn(meter) || Instrument(meter, name, otherwise) is not { } instrument)
        {
            return null;
        }

        var start = instrument.Kind is InstrumentKind.ObservableCounter or InstrumentKind.ObservableUpDownCounter ? processStartUnixNano : intervalStartUnixNano;
        series = new Series(instrument, start, TagText.Encode(tags, instrument.Kind == InstrumentKind.Histogram ? MeterEncoder.HistogramAttributes : MeterEncoder.NumberAttributes));
        _series.Add(key.ToString(), series);
        instrument.Series.Add(series);
        isNew = true;
        return series;
    }

    private Instrument? Instrument(ReadOnlySpan<char> meter, ReadOnlySpan<char> name, InstrumentKind otherwise)
    {
        var key = (meter.ToString(), name.ToString());
        if (!_instruments.TryGetValue(key, out var instrument) && _instruments.Count < MostInstruments)
        {
            // A tool that was there before us had it announced.
            instrument = new Instrument(key.Item1, "", Cut(name), otherwise == InstrumentKind.Histogram && name.EndsWith(".duration") ? "s" : "", "", otherwise);
            _instruments.Add(key, instrument);
        }

        return instrument;
    }

    /// <summary>In a shared session the meters of other tools come too.</summary>
    private static bool IsBuiltIn(ReadOnlySpan<char> meter)
    {
        foreach (var known in MeterArguments.Meters)
        {
            if (meter.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    private static string Cut(ReadOnlySpan<char> text) => text[..Math.Min(text.Length, LongestText)].ToString();

    /// <param name="type">"Histogram`1".</param>
    private static InstrumentKind? KindOf(ReadOnlySpan<char> type) => type switch
    {
        "Histogram`1" => InstrumentKind.Histogram,
        "Counter`1" => InstrumentKind.Counter,
        "ObservableCounter`1" => InstrumentKind.ObservableCounter,
        "UpDownCounter`1" => InstrumentKind.UpDownCounter,
        "ObservableUpDownCounter`1" => InstrumentKind.ObservableUpDownCounter,
        "ObservableGauge`1" or "Gauge`1" => InstrumentKind.Gauge,
        _ => null,
    };
}
