namespace Gantry.Estate.Quality;

/// <summary>
/// Whether a text is a unit of the Unified Code for Units of Measure, case sensitive: terms of simple units with prefix and exponent, joined by "." and
/// "/", with annotations in braces. https://ucum.org/ucum
/// </summary>
public static class UcumUnits
{
    /// <summary>No unit is longer; what is comes from strangers.</summary>
    public const int Longest = 63;

    private static readonly HashSet<string> Prefixes =
        ["Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y", "Ki", "Mi", "Gi", "Ti"];

    /// <summary>Those that take prefixes.</summary>
    private static readonly HashSet<string> Metric =
    [
        "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb", "Cel", "T", "H", "lm", "lx", "Bq", "Gy",
        "Sv", "L", "l", "ar", "t", "bar", "u", "eV", "pc", "cal", "Np", "B", "bit", "By", "Bd", "st", "Ci", "R", "RAD", "REM", "G", "Mx", "Oe", "Gb", "P",
        "dyn", "erg", "Lmb", "ph", "sb", "kat", "U", "eq", "osm", "mho", "VA", "tex", "Gal", "Ky", "St",
    ];

    private static readonly HashSet<string> Plain =
    [
        "10*", "10^", "%", "min", "h", "d", "wk", "mo", "a", "deg", "gon", "'", "''", "bit_s", "AU", "atm", "Torr", "circ", "sph", "gf", "lbf_av",
        "[ppth]", "[ppm]", "[ppb]", "[pptr]", "[pi]", "[in_i]", "[ft_i]", "[yd_i]", "[mi_i]", "[nmi_i]", "[kn_i]", "[lb_av]", "[oz_av]", "[psi]", "[degF]",
        "[degR]", "[gal_us]", "[acr_us]", "[c]", "[g]", "[e]", "[h]", "[k]", "[pH]", "[iU]", "[HP]", "a_j", "a_g", "a_t", "mo_j", "mo_g", "mo_s",
    ];

    /// <param name="unit">"" is OpenTelemetry's default, and no unit.</param>
    public static bool IsUnit(string unit)
    {
        if (unit.Length is 0 or > Longest || unit.Any(static c => c is < '!' or > '~'))
        {
            return false;
        }

        var position = unit[0] == '/' ? 1 : 0;
        return Terms(unit, ref position) && position == unit.Length;
    }

    /// <summary>Components with "." or "/" between them. The length of the text bounds how deep parentheses go.</summary>
    private static bool Terms(string unit, ref int position)
    {
        while (true)
        {
            if (!Component(unit, ref position))
            {
                return false;
            }

            if (position >= unit.Length || unit[position] is not ('.' or '/'))
            {
                return true;
            }

            position++;
        }
    }

    private static bool Component(string unit, ref int position)
    {
        if (position < unit.Length && unit[position] == '(')
        {
            position++;
            return Terms(unit, ref position) && position < unit.Length && unit[position++] == ')';
        }

        var start = position;
        var bracket = false;
        while (position < unit.Length && (bracket || unit[position] is not ('.' or '/' or '(' or ')' or '{' or '}')))
        {
            bracket = unit[position] == '[' || (bracket && unit[position] != ']');
            position++;
        }

        var simple = unit.AsSpan(start, position - start);
        var annotated = Annotation(unit, ref position, out var wellFormed);
        return wellFormed && (simple.IsEmpty ? annotated : IsSimple(simple));
    }

    private static bool Annotation(string unit, ref int position, out bool wellFormed)
    {
        wellFormed = true;
        if (position >= unit.Length || unit[position] != '{')
        {
            return false;
        }

        var end = unit.IndexOf('}', position);
        wellFormed = end >= 0 && !unit.AsSpan(position + 1, Math.Max(0, end - position - 1)).Contains('{');
        position = end < 0 ? unit.Length : end + 1;
        return true;
    }

    /// <summary>A number, or a unit with its prefix and exponent: "1", "ms", "m2", "s-1", "10*6".</summary>
    private static bool IsSimple(ReadOnlySpan<char> text)
    {
        if (IsNumber(text))
        {
            return true;
        }

        var end = text.Length;
        while (end > 0 && char.IsAsciiDigit(text[end - 1]))
        {
            end--;
        }

        if (end < text.Length && end > 0 && text[end - 1] is '+' or '-')
        {
            end--;
        }

        return IsAtom(text[..end].ToString()) || IsAtom(text.ToString());
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0 && text.IndexOfAnyExcept('0') >= 0;

    private static bool IsAtom(string text)
    {
        if (Metric.Contains(text) || Plain.Contains(text))
        {
            return true;
        }

        for (var length = 1; length <= 2 && length < text.Length; length++)
        {
            if (Prefixes.Contains(text[..length]) && Metric.Contains(text[length..]))
            {
                return true;
            }
        }

        return false;
    }
}
