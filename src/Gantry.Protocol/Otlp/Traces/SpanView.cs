using System.Buffers.Binary;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// One span, in place: every slice points into the received bytes and dies with them.
/// Span: trace_id = 1, span_id = 2, trace_state = 3, parent_span_id = 4, name = 5, kind = 6, start_time_unix_nano = 7, end_time_unix_nano = 8,
/// attributes = 9, events = 11, links = 13, status = 15 {message = 2, code = 3}, flags = 16.
/// </summary>
public ref struct SpanView
{
    /// <summary>16 bytes in a valid span; the scanner does not check, <see cref="HasValidIds"/> does.</summary>
    public ReadOnlySpan<byte> TraceId;
    public ReadOnlySpan<byte> SpanId;
    public ReadOnlySpan<byte> ParentSpanId;
    public ReadOnlySpan<byte> TraceState;
    public ReadOnlySpan<byte> Name;

    /// <summary>0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer; any other value is possible.</summary>
    public int Kind;

    public ulong StartUnixNano;
    public ulong EndUnixNano;

    /// <summary>0 unset, 1 ok, 2 error; any other value is possible.</summary>
    public int StatusCode;

    /// <summary>Bits 0-7 W3C trace flags; bit 8: whether the parent is remote is known; bit 9: it is remote.</summary>
    public uint Flags;

    /// <summary>Where the attributes stand that statistics are kept by; positions count from the span's first byte.</summary>
    public CapturedAttributes Attributes;

    /// <summary>Nanoseconds; 0 for a span that ends before it starts.</summary>
    public readonly ulong Duration => EndUnixNano > StartUnixNano ? EndUnixNano - StartUnixNano : 0;

    /// <summary>Ids of the right length that are not all zero; an absent parent is right.</summary>
    public readonly bool HasValidIds =>
        TraceId.Length == 16 && (Read(TraceId) | Read(TraceId[8..])) != 0
        && SpanId.Length == 8 && Read(SpanId) != 0
        && ParentSpanId.Length is 0 or 8;

    private static ulong Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}

/// <summary>Numbers of Span.kind.</summary>
public static class SpanKinds
{
    public const int Server = 2;
    public const int Client = 3;
    public const int Producer = 4;
    public const int Consumer = 5;

    private static readonly string[] Names = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];

    public static bool IsInbound(int kind) => kind is Server or Consumer;

    public static string NameOf(int kind) => (uint)kind < (uint)Names.Length ? Names[kind] : Names[0];
}
