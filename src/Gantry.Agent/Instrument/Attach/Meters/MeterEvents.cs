using System.Globalization;
using Gantry.Agent.Instrument.Attach.Nettrace;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>
/// The events of MetricsEventSource (dotnet/runtime, MetricsEventSource.cs). Each begins with the session's id; a series says meter, meter's version, instrument, unit
/// and attributes. Newer runtimes add fields at the end only.
/// <code>
///  2 CollectionStart, 3 CollectionStop   start, end as FILETIME i64
///  4 CounterRateValuePublished           series, rate, value as texts          16 UpDownCounterRateValuePublished the same
///  5 GaugeValuePublished                 series, value as text
///  6 HistogramValuePublished             series, quantiles as text, count i32, sum f64, of the interval alone
///  7 BeginInstrumentReporting            meter, version, instrument, type, unit, description
/// 12 TimeSeriesLimitReached, 13 HistogramLimitReached
/// 15 MultipleSessionsNotSupportedError   (the id is of the session that runs)
/// 17 MultipleSessionsConfiguredIncorrectlyError  (the id is the client's), histograms expected and asked for, series, seconds, all as texts
/// </code>
/// </summary>
/// <param name="newRoute">Called with method and http.route of each new series of requests.</param>
internal sealed class MeterEvents(MeterArguments arguments, MeterTable table, Action<string, string> newRoute) : IEventSink
{
    /// <summary>The instrument that RED is made of.</summary>
    public const string RequestDuration = "http.server.request.duration";

    private ulong _intervalStart;
    private bool _isLimited;

    /// <summary>Whole intervals taken.</summary>
    public long Intervals { get; private set; }

    /// <summary>Up to when requests are counted, Unix time in nanoseconds by the process's clock.</summary>
    public ulong IntervalEnd { get; private set; }

    /// <summary>The runtime left series out, or we did, so that not every request is counted under its own attributes.</summary>
    public bool IsLimited => _isLimited || table.IsLimited;

    public void Take(EventType type, long ticks, ReadOnlySpan<byte> payload)
    {
        if (type.Provider != MeterArguments.Provider)
        {
            return;
        }

        var reader = new PayloadReader(payload);
        var session = reader.Text();
        if (type.Id == 17)
        {
            CheckShared(session, ref reader);
        }
        else if (type.Id == 15)
        {
            CheckSingle(session);
        }
        else if (session.SequenceEqual(MeterArguments.SessionId))
        {
            Take(type.Id, ref reader);
        }
    }

    private void Take(int id, ref PayloadReader reader)
    {
        switch (id)
        {
            case 2:
                _intervalStart = FileTime(reader.Int64());
                break;
            case 3:
                Intervals++;
                reader.Int64();
                IntervalEnd = FileTime(reader.Int64());
                break;
            case 4 or 5 or 6 or 16:
                TakeSeries(id, ref reader);
                break;
            case 7:
                table.Define(reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text());
                break;
            case 12 or 13:
                _isLimited = true;
                break;
        }
    }

    private void TakeSeries(int id, ref PayloadReader reader)
    {
        if (_intervalStart == 0)
        {
            // A tool was there before us: this interval began before we came.
            return;
        }

        var series = reader.Texts(5);
        var parts = new PayloadReader(System.Runtime.InteropServices.MemoryMarshal.AsBytes(series));
        var meter = parts.Text();
        parts.Text();
        var name = parts.Text();
        parts.Text();
        var tags = parts.Text();
        var otherwise = id switch { 4 => InstrumentKind.Counter, 5 => InstrumentKind.Gauge, 6 => InstrumentKind.Histogram, _ => InstrumentKind.UpDownCounter };
        if (table.Find(series, meter, name, tags, otherwise, _intervalStart, out var isNew) is not { } found)
        {
            return;
        }

        if (isNew && name is RequestDuration)
        {
            Announce(tags);
        }

        if (id == 6 != (found.Instrument.Kind == InstrumentKind.Histogram))
        {
            return;
        }

        Add(id, found, ref reader);
    }

    private static void Add(int id, Series series, ref PayloadReader reader)
    {
        if (id == 6)
        {
            var quantiles = Quantiles.Parse(reader.Text());
            var count = (int)reader.UInt32();
            series.Add(count, reader.Double(), quantiles);
            return;
        }

        var rate = id == 5 ? 0 : Number(reader.Text());
        if (Number(reader.Text()) is { } value)
        {
            // The first interval of an observed counter has no rate.
            series.Take(rate ?? 0, value);
        }
    }

    private void Announce(ReadOnlySpan<char> text)
    {
        var (method, route) = ("", "");
        var tags = new TagText(text);
        while (tags.Next())
        {
            method = tags.Key is "http.request.method" ? tags.Value.ToString() : method;
            route = tags.Key is "http.route" ? tags.Value.ToString() : route;
        }

        if (route.Length > 0)
        {
            newRoute(method, route);
        }
    }

    private void CheckShared(ReadOnlySpan<char> client, ref PayloadReader reader)
    {
        if (!client.SequenceEqual(arguments.ClientId))
        {
            return;
        }

        var histograms = Number(reader.Text());
        reader.Text();
        var series = Number(reader.Text());
        reader.Text();
        var seconds = Number(reader.Text());
        throw histograms is >= 1 and <= 100_000 && series is >= 1 and <= 1_000_000 && seconds is >= 0.1 and <= 3600
            ? new SharedArgumentsException(arguments with { MaxHistograms = (int)histograms, MaxTimeSeries = (int)series, Seconds = seconds.Value })
            : NettraceReader.Malformed("the settings of the tool that listens already make no sense");
    }

    private static void CheckSingle(ReadOnlySpan<char> running)
    {
        if (!running.SequenceEqual(MeterArguments.SessionId))
        {
            throw new AttachException(InstrumentationReasons.Failed, "another tool listens to the meters of this process and does not share them; it is tried again, and works when that tool has ended");
        }
    }

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>FILETIME counts 100 ns from the year 1601.</summary>
    private static ulong FileTime(long time)
    {
        const long UnixEpoch = 116_444_736_000_000_000;
        return time > UnixEpoch ? (ulong)(time - UnixEpoch) * 100 : 0;
    }
}
