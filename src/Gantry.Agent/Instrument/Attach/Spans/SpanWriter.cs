using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>
/// Events as spans of OTLP, with the attributes of the semantic conventions for HTTP. opentelemetry/proto/trace/v1/trace.proto, Span: trace_id = 1, span_id = 2,
/// trace_state = 3, parent_span_id = 4, name = 5, kind = 6, start = 7, end = 8, attributes = 9, status = 15 { code = 3 }, flags = 16.
/// </summary>
internal static class SpanWriter
{
    private const int Attributes = 9;
    private const int Server = 2;
    private const int Client = 3;
    private const int Error = 2;

    // Bits of flags: sampled; it is known whether the parent is remote; it is.
    private const uint Sampled = 0x001;
    private const uint HasRemote = 0x100;
    private const uint Remote = 0x200;

    /// <param name="route">Null: none fits.</param>
    /// <returns>False when it has no ids or no time; nothing is written then.</returns>
    public static bool WriteServer(ProtoWriter writer, in SpanFields fields, ulong endUnixNano, string? route)
    {
        Span<byte> ids = stackalloc byte[32];
        var start = fields.StartUnixNano;
        if (start == 0 || !TryIds(fields, ids, out var hasParent))
        {
            return false;
        }

        var method = KnownMethod(fields.Method);
        var mark = BeginSpan(writer, fields, ids, hasParent, [method == "_OTHER" ? "HTTP" : method, route ?? ""], Server);
        writer.Fixed64(7, start);
        writer.Fixed64(8, Math.Max(start, endUnixNano));
        OtlpAttribute.Write(writer, Attributes, "http.request.method", method);
        Write(writer, "url.path", fields.Path);
        Write(writer, "url.scheme", fields.Scheme);
        Write(writer, "http.route", route);
        WriteHost(writer, fields.Host);
        Write(writer, "network.protocol.version", fields.Protocol.StartsWith("HTTP/") ? fields.Protocol[5..] : default);
        Write(writer, "http.response.status_code", fields.StatusCode);
        var isError = fields.StatusCode is ['5', _, _];
        Write(writer, "error.type", isError ? fields.StatusCode : default);
        EndSpan(writer, mark, isError, HasRemote | (hasParent ? Remote : 0));
        return true;
    }

    public static bool WriteClient(ProtoWriter writer, in SpanFields fields)
    {
        Span<byte> ids = stackalloc byte[32];
        var start = fields.StartUnixNano;
        if (start == 0 || !TryIds(fields, ids, out var hasParent))
        {
            return false;
        }

        var mark = BeginSpan(writer, fields, ids, hasParent, [fields.Name.Length > 64 ? "HTTP" : fields.Name.ToString(), ""], Client);
        writer.Fixed64(7, start);
        writer.Fixed64(8, start + fields.DurationNano);
        var tags = new PairText(fields.Tags);
        while (tags.Next())
        {
            if (tags.Key is "url.full")
            {
                OtlpAttribute.Write(writer, Attributes, tags.Key, WithoutSecrets(tags.Value));
            }
            else if (tags.Key is "http.request.method" or "http.request.method_original" or "http.request.resend_count" or "server.address" or "server.port"
                or "http.response.status_code" or "network.protocol.version" or "error.type")
            {
                OtlpAttribute.Write(writer, Attributes, tags.Key, tags.Value);
            }
        }

        EndSpan(writer, mark, fields.Status is "Error", HasRemote);
        return true;
    }

    /// <summary>.NET leaves the values of a query out, unless it is told not to; and no user, no query is what a URL is known by.</summary>
    internal static ReadOnlySpan<char> WithoutSecrets(ReadOnlySpan<char> url)
    {
        var end = url.IndexOfAny('?', '#');
        url = end < 0 ? url : url[..end];
        var host = url.IndexOf("://") + 3;
        var slash = host < 3 ? -1 : url[host..].IndexOf('/');
        var user = host < 3 ? -1 : (slash < 0 ? url[host..] : url.Slice(host, slash)).LastIndexOf('@');
        return user < 0 ? url : string.Concat(url[..host], url[(host + user + 1)..]);
    }

    private static int BeginSpan(ProtoWriter writer, in SpanFields fields, ReadOnlySpan<byte> ids, bool hasParent, ReadOnlySpan<string> name, int kind)
    {
        var mark = writer.Begin(2, 2);
        writer.PresentBytes(1, ids[..16]);
        writer.PresentBytes(2, ids.Slice(16, 8));
        Text(writer, 3, fields.TraceState);
        if (hasParent)
        {
            writer.PresentBytes(4, ids.Slice(24, 8));
        }

        var first = System.Text.Encoding.UTF8.GetByteCount(name[0]);
        var rest = name[1].Length > 0 ? 1 + System.Text.Encoding.UTF8.GetByteCount(name[1]) : 0;
        writer.Tag(5, WireType.LengthDelimited);
        writer.RawVarint((ulong)(first + rest));
        var bytes = writer.Reserve(first + rest);
        System.Text.Encoding.UTF8.GetBytes(name[0], bytes);
        if (rest > 0)
        {
            bytes[first] = (byte)' ';
            System.Text.Encoding.UTF8.GetBytes(name[1], bytes[(first + 1)..]);
        }

        writer.Int(6, kind);
        return mark;
    }

    private static void EndSpan(ProtoWriter writer, int mark, bool isError, uint flags)
    {
        if (isError)
        {
            var status = writer.Begin(15);
            writer.Int(3, Error);
            writer.End(status);
        }

        writer.Fixed32(16, Sampled | flags);
        writer.End(mark, 2);
    }

    /// <summary>16 bytes trace, 8 bytes span, 8 bytes parent.</summary>
    private static bool TryIds(in SpanFields fields, Span<byte> ids, out bool hasParent)
    {
        hasParent = fields.Parent.Length == 16 && TryHex(fields.Parent, ids[24..]) && ids[24..].ContainsAnyExcept((byte)0);
        return TryHex(fields.Id.Slice(3, 32), ids) && TryHex(fields.Id.Slice(36, 16), ids.Slice(16, 8)) && ids[..16].ContainsAnyExcept((byte)0);
    }

    private static bool TryHex(ReadOnlySpan<char> text, Span<byte> bytes) =>
        Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == text.Length / 2;

    private static void WriteHost(ProtoWriter writer, ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        var hasPort = colon > 0 && !host[colon..].Contains(']') && host[(colon + 1)..].Length is > 0 and <= 5;
        Write(writer, "server.address", hasPort ? host[..colon] : host);
        Write(writer, "server.port", hasPort ? host[(colon + 1)..] : default);
    }

    private static void Write(ProtoWriter writer, string key, ReadOnlySpan<char> value)
    {
        if (!value.IsEmpty)
        {
            OtlpAttribute.Write(writer, Attributes, key, value);
        }
    }

    private static void Text(ProtoWriter writer, int field, ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
        {
            OtlpAttribute.WriteText(writer, field, text);
        }
    }

    /// <summary>Any text can stand for a method; the conventions name those that are one.</summary>
    private static string KnownMethod(ReadOnlySpan<char> method) => method switch
    {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "PATCH" => "PATCH",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        "CONNECT" => "CONNECT",
        "TRACE" => "TRACE",
        _ => "_OTHER",
    };
}
