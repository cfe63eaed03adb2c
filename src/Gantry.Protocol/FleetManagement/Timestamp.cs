using System.Globalization;
using System.Text.RegularExpressions;

namespace Gantry.Protocol.FleetManagement;

/// <summary>google.protobuf.Timestamp.</summary>
/// <param name="Seconds">Since the Unix epoch; years 1 to 9999 when the peer is right.</param>
/// <param name="Nanos">0 to 999,999,999 when the peer is right.</param>
public readonly partial record struct Timestamp(long Seconds, int Nanos)
{
    private const long First = -62_135_596_800;
    private const long Last = 253_402_300_799;
    private const int TickNanos = 100;

    public static Timestamp From(DateTimeOffset time)
    {
        var seconds = time.ToUnixTimeSeconds();
        return new Timestamp(seconds, (int)(time.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcTicks) * TickNanos);
    }

    /// <summary>RFC 3339 in UTC with 0, 3, 6 or 9 digits of fraction, as protobuf's JSON has it; "" when it is no time.</summary>
    public override string ToString()
    {
        if (Seconds is < First or > Last || Nanos is < 0 or > 999_999_999)
        {
            return "";
        }

        var fraction = Nanos.ToString("D9", CultureInfo.InvariantCulture);
        var digits = Nanos == 0 ? 0 : Nanos % 1_000_000 == 0 ? 3 : Nanos % 1000 == 0 ? 6 : 9;
        var time = DateTimeOffset.FromUnixTimeSeconds(Seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return digits == 0 ? $"{time}Z" : $"{time}.{fraction.AsSpan(0, digits)}Z";
    }

    /// <summary>RFC 3339 with any offset and up to nine digits of fraction.</summary>
    public static bool TryParse(string text, out Timestamp time)
    {
        time = default;
        var match = Rfc3339().Match(text);
        if (!match.Success
            || !DateTimeOffset.TryParseExact(
                $"{match.Groups["whole"].Value}{match.Groups["zone"].Value.Replace("Z", "+00:00", StringComparison.Ordinal)}", "yyyy-MM-dd'T'HH:mm:sszzz",
                CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var whole))
        {
            return false;
        }

        var nanos = match.Groups["nanos"].Value.PadRight(9, '0');
        time = new Timestamp(whole.ToUnixTimeSeconds(), int.Parse(nanos, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    [GeneratedRegex(@"^(?<whole>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<nanos>[0-9]{1,9}))?(?<zone>Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rfc3339();
}
