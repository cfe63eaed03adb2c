using System.Globalization;
using System.Numerics;
using Gantry.Estate.Sampling;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Sample;

/// <summary>Consistent probability sampling once more, over objects and strings, in the words of the specification.</summary>
internal static class BruteForce
{
    private static readonly BigInteger Range = BigInteger.Pow(2, 56);

    /// <summary>Decides over a span, and writes its tracestate if it is kept.</summary>
    public static bool Keep(Span span, SamplingModel model)
    {
        var rule = model.Rules.FirstOrDefault(rule => rule.Status is null || rule.Status == (span.Status?.Code ?? 0));
        var probability = rule?.Probability ?? model.Default;
        if (probability == 0)
        {
            return false;
        }

        var members = span.TraceState.Split(',').Select(member => member.Trim()).Where(member => member.Length > 0).ToList();
        var ot = members.Find(member => member.StartsWith("ot=", StringComparison.Ordinal));
        var keys = ot is null ? [] : ot[3..].Split(';').Where(part => part.Length > 0).ToList();
        var th = keys.Find(key => key.StartsWith("th:", StringComparison.Ordinal))?[3..];
        var rv = keys.Find(key => key.StartsWith("rv:", StringComparison.Ordinal))?[3..];
        var randomness = Number(rv ?? Convert.ToHexString(span.TraceId.Span[9..]).ToLowerInvariant());
        var source = th is null ? (BigInteger?)null : Number(th.PadRight(14, '0'));
        var consistent = source is null || randomness >= source;
        // Powers of two need no rounding: T = 2^56 · (1 - p).
        var own = Range - (BigInteger)((double)Range * probability);
        if (randomness < own)
        {
            return false;
        }

        if (consistent && (own == 0 || source >= own))
        {
            return true;
        }

        var rest = keys.Where(key => key.StartsWith("rv:", StringComparison.Ordinal)).Concat(keys.Where(key => !key.StartsWith("rv:", StringComparison.Ordinal) && !key.StartsWith("th:", StringComparison.Ordinal)));
        var text = own.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(14, '0').TrimEnd('0');
        var value = string.Join(';', (consistent ? ["th:" + text] : Array.Empty<string>()).Concat(rest));
        span.TraceState = string.Join(',', (value.Length > 0 ? ["ot=" + value] : Array.Empty<string>()).Concat(members.Where(member => member != ot)));
        return true;
    }

    private static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
