using System.Buffers;
using System.Globalization;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>
/// The attributes of a series as the runtime writes them: "http.request.method=GET,http.route=/items/{id}", without any escaping. A route may hold commas and
/// equals signs ("{controller=Home}/{id:regex(^a,b$)}"), so a comma ends a value only where an attribute's name and '=' follow.
/// </summary>
internal ref struct TagText(ReadOnlySpan<char> text)
{
    /// <summary>More attributes than this no built-in instrument has.</summary>
    private const int Most = 32;

    private static readonly SearchValues<char> NameUnits = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    private ReadOnlySpan<char> _rest = text;
    private int _count;

    public ReadOnlySpan<char> Key { get; private set; }

    public ReadOnlySpan<char> Value { get; private set; }

    public bool Next()
    {
        var equals = _rest.IndexOf('=');
        if (equals <= 0 || _count++ == Most)
        {
            return false;
        }

        Key = _rest[..equals];
        var value = _rest[(equals + 1)..];
        var end = EndOf(value);
        Value = value[..end];
        _rest = end < value.Length ? value[(end + 1)..] : default;
        return true;
    }

    /// <returns>The attributes in OTLP, each with the tag of <paramref name="field"/>.</returns>
    public static byte[] Encode(ReadOnlySpan<char> text, int field)
    {
        using var writer = new ProtoWriter(256);
        var tags = new TagText(text);
        while (tags.Next())
        {
            OtlpAttribute.Write(writer, field, tags.Key, tags.Value);
        }

        return writer.ToArray();
    }

    private static int EndOf(ReadOnlySpan<char> value)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == ',' && BeginsAttribute(value[(at + 1)..]))
            {
                return at;
            }
        }

        return value.Length;
    }

    private static bool BeginsAttribute(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(NameUnits);
        return end > 0 && text[end] == '=';
    }
}

/// <summary>KeyValue of OTLP: key = 1, value = 2 { string_value = 1, bool_value = 2, int_value = 3 }. The runtime gives texts; the conventions say which are numbers.</summary>
internal static class OtlpAttribute
{
    /// <summary>Longer values are cut.</summary>
    private const int LongestValue = 1024;

    public static void Write(ProtoWriter writer, int field, ReadOnlySpan<char> key, ReadOnlySpan<char> value)
    {
        var pair = writer.Begin(field);
        WriteText(writer, 1, key);
        var any = writer.Begin(2);
        if (IsNumber(key) && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            writer.Tag(3, WireType.Varint);
            writer.RawVarint((ulong)number);
        }
        else if (value is "True" or "False")
        {
            writer.Tag(2, WireType.Varint);
            writer.RawVarint(value is "True" ? 1UL : 0);
        }
        else
        {
            WriteText(writer, 1, value);
        }

        writer.End(any);
        writer.End(pair);
    }

    /// <summary>A string field, cut at <see cref="LongestValue"/> units.</summary>
    public static void WriteText(ProtoWriter writer, int field, ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, LongestValue)];
        writer.Tag(field, WireType.LengthDelimited);
        var count = System.Text.Encoding.UTF8.GetByteCount(text);
        writer.RawVarint((ulong)count);
        System.Text.Encoding.UTF8.GetBytes(text, writer.Reserve(count));
    }

    private static bool IsNumber(ReadOnlySpan<char> key) =>
        key is "http.response.status_code" or "server.port" or "network.peer.port" or "http.request.resend_count" or "client.port";
}
