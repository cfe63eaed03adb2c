using System.Globalization;
using Gantry.Agent.Instrument.Attach.Nettrace;

namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>One event of DiagnosticSourceEventSource: source, name, count u16, then key and value of each property that was there, by <see cref="SpanArguments"/>.</summary>
internal ref struct SpanFields
{
    /// <summary>.NET counts ticks of 100 ns from the year 1.</summary>
    private const long UnixEpochTicks = 621_355_968_000_000_000;

    private const int MostFields = 32;

    /// <summary>"00-{trace id}-{span id}-{flags}".</summary>
    public ReadOnlySpan<char> Id;

    public ReadOnlySpan<char> Parent;
    public ReadOnlySpan<char> TraceState;
    public ReadOnlySpan<char> Begin;
    public ReadOnlySpan<char> Duration;
    public ReadOnlySpan<char> Method;
    public ReadOnlySpan<char> Path;
    public ReadOnlySpan<char> Scheme;
    public ReadOnlySpan<char> Host;
    public ReadOnlySpan<char> Protocol;
    public ReadOnlySpan<char> StatusCode;

    /// <summary>"[id, 42],[name, x]".</summary>
    public ReadOnlySpan<char> RouteValues;

    public ReadOnlySpan<char> Status;
    public ReadOnlySpan<char> Name;

    /// <summary>As <see cref="RouteValues"/>.</summary>
    public ReadOnlySpan<char> Tags;

    /// <returns>False when it is cut off, or has no id as W3C writes it.</returns>
    public bool TryRead(ref PayloadReader reader)
    {
        var count = reader.UInt16();
        if (count > MostFields)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var key = reader.Text();
            Set(key, reader.Text());
        }

        return !reader.IsBroken && Id.Length == 55 && Id.StartsWith("00-");
    }

    /// <summary>0 when it is none.</summary>
    public readonly ulong StartUnixNano =>
        long.TryParse(Begin, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks > UnixEpochTicks ? (ulong)(ticks - UnixEpochTicks) * 100 : 0;

    public readonly ulong DurationNano =>
        long.TryParse(Duration, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks is >= 0 and < long.MaxValue / 100 ? (ulong)ticks * 100 : 0;

    private void Set(ReadOnlySpan<char> key, ReadOnlySpan<char> value)
    {
        switch (key)
        {
            case "i":
                Id = value;
                break;
            case "p":
                Parent = value;
                break;
            case "w":
                TraceState = value;
                break;
            case "b":
                Begin = value;
                break;
            case "d":
                Duration = value;
                break;
            case "m":
                Method = value;
                break;
            case "u":
                Path = value;
                break;
            case "s":
                Scheme = value;
                break;
            case "h":
                Host = value;
                break;
            case "v":
                Protocol = value;
                break;
            case "c":
                StatusCode = value;
                break;
            case "r":
                RouteValues = value;
                break;
            case "e":
                Status = value;
                break;
            case "n":
                Name = value;
                break;
            case "a":
                Tags = value;
                break;
        }
    }
}
