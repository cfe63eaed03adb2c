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

    /// <summary>Of what names a series, in UTF-16 units: 4 KiB. One of the built-in meters takes some hundreds.</summary>
    public const int LongestKey = 2048;

    /// <summary>Of all names and attributes that are kept, so of what an export repeats of them. 2,000 series of the built-in meters take some 900 KB.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    private readonly Dictionary<string, Series> _series = [];
    private readonly Dictionary<(string Meter, string Name), Instrument> _instruments = [];
    private int _bytes;

    public IReadOnlyCollection<Instrument> Instruments => _instruments.Values;

    public int SeriesCount => _series.Count;

    /// <summary>Something was left out, as there was too much of it.</summary>
    public bool IsLimited { get; private set; }

    public void Define(ReadOnlySpan<char> meter, ReadOnlySpan<char> version, ReadOnlySpan<char> name, ReadOnlySpan<char> type, ReadOnlySpan<char> unit, ReadOnlySpan<char> description)
    {
        if (IsBuiltIn(meter) && KindOf(type) is { } kind)
        {
            var key = (meter.ToString(), Cut(name));
            if (!_instruments.ContainsKey(key))
            {
                Add(new Instrument(key.Item1, Cut(version), key.Item2, Cut(unit), Cut(description), kind));
            }
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

        if (!IsBuiltIn(meter))
        {
            return null;
        }

        if (_series.Count >= MostSeries || key.Length > LongestKey || Instrument(meter, name, otherwise) is not { } instrument)
        {
            IsLimited = true;
            return null;
        }

        var start = instrument.Kind is InstrumentKind.ObservableCounter or InstrumentKind.ObservableUpDownCounter ? processStartUnixNano : intervalStartUnixNano;
        var attributes = TagText.Encode(tags, instrument.Kind == InstrumentKind.Histogram ? MeterEncoder.HistogramAttributes : MeterEncoder.NumberAttributes);
        if (!TryTake((key.Length * sizeof(char)) + attributes.Length))
        {
            return null;
        }

        series = new Series(instrument, start, attributes);
        _series.Add(key.ToString(), series);
        instrument.Series.Add(series);
        isNew = true;
        return series;
    }

    private Instrument? Instrument(ReadOnlySpan<char> meter, ReadOnlySpan<char> name, InstrumentKind otherwise)
    {
        var key = (meter.ToString(), Cut(name));
        // When it is not there, a tool that was there before us had it announced.
        return _instruments.TryGetValue(key, out var instrument)
            ? instrument
            : Add(new Instrument(key.Item1, "", key.Item2, otherwise == InstrumentKind.Histogram && name.EndsWith(".duration") ? "s" : "", "", otherwise));
    }

    /// <returns>Null: there is no room.</returns>
    private Instrument? Add(Instrument instrument)
    {
        var size = (instrument.MeterVersion.Length + instrument.Name.Length + instrument.Unit.Length + instrument.Description.Length) * sizeof(char);
        if (_instruments.Count >= MostInstruments || !TryTake(size))
        {
            IsLimited = true;
            return null;
        }

        _instruments.Add((instrument.Meter, instrument.Name), instrument);
        return instrument;
    }

    private bool TryTake(int bytes)
    {
        var hasRoom = bytes <= MostBytes - _bytes;
        _bytes += hasRoom ? bytes : 0;
        IsLimited |= !hasRoom;
        return hasRoom;
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
