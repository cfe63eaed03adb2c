using System.Globalization;

namespace Gantry.Estate.Sampling;

/// <summary>
/// A rejection threshold T of consistent probability sampling: a span with randomness R (56 bits) is kept iff R ≥ T. Written as 1 to 14 lower-case hex
/// digits, trailing zeros left out, in tracestate as <c>ot=th:…</c>. (OpenTelemetry, "TraceState: Probability Sampling".)
/// </summary>
/// <param name="Value">0 (keeps everything) to 2^56 (keeps nothing, which the text form has no word for).</param>
public readonly record struct Threshold(ulong Value)
{
    private const int Digits = 14;
    private const ulong Range = 1UL << 56;

    /// <summary>Significant hex digits that a probability is rounded to: what the SDKs and the collector write.</summary>
    public const int DefaultPrecision = 4;

    public static Threshold Always => default;

    public static Threshold Never => new(Range);

    /// <summary>The smallest probability above zero that a threshold can say: 2^-56.</summary>
    public static double LeastProbability => 1.0 / Range;

    public bool IsNever => Value >= Range;

    /// <summary>The share that is kept: (2^56 - T) / 2^56.</summary>
    public double Probability => IsNever ? 0 : (double)(Range - Value) / Range;

    /// <summary>For how many spans a kept one stands: 2^56 / (2^56 - T). 0 for <see cref="Never"/>.</summary>
    public double AdjustedCount => IsNever ? 0 : (double)Range / (Range - Value);

    public bool Keeps(ulong randomness) => randomness >= Value;

    /// <summary>
    /// The threshold of a probability, rounded to <paramref name="precision"/> hex digits behind leading f's, which say nothing but how small it is.
    /// </summary>
    /// <param name="probability">0 (never) or 2^-56 to 1.</param>
    /// <param name="precision">1 to 14.</param>
    public static Threshold FromProbability(double probability, int precision = DefaultPrecision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, Digits);
        if (probability == 0)
        {
            return Never;
        }

        if (double.IsNaN(probability) || probability < LeastProbability || probability > 1)
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "expected 0, or 2^-56 to 1");
        }

        // Leading f's: each sixteenth of a probability is one more.
        var leading = probability > 15.0 / 16 ? 0 : (int)Math.Floor(-Math.Log2(probability) / 4);
        var kept = Math.Min(Digits, leading + precision);
        var unit = 1UL << (4 * (Digits - kept));
        // 2^56 - round(p · 2^56), in units of the last digit that stays.
        var exact = Range - (ulong)Math.Round(probability * Range);
        var rounded = (exact + (unit / 2)) / unit * unit;
        return new Threshold(Math.Min(rounded, Range - 1));
    }

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Threshold threshold)
    {
        threshold = default;
        if (text.Length is 0 or > Digits)
        {
            return false;
        }

        ulong value = 0;
        foreach (var digit in text)
        {
            var number = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                _ => -1,
            };
            if (number < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)number;
        }

        threshold = new Threshold(value << (4 * (Digits - text.Length)));
        return true;
    }

    /// <summary>The text form; "0" for <see cref="Always"/>, "never" for <see cref="Never"/>, which must not be written to a tracestate.</summary>
    public override string ToString()
    {
        if (IsNever)
        {
            return "never";
        }

        var text = Value.ToString("x14", CultureInfo.InvariantCulture).TrimEnd('0');
        return text.Length == 0 ? "0" : text;
    }
}
