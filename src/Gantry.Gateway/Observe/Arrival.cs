using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>How an inbound span came to be in its trace, as far as it alone can tell.</summary>
internal enum Arrival : byte
{
    /// <summary>It has a parent; or it is no inbound span.</summary>
    Continues,

    /// <summary>It has no parent, and links to another trace.</summary>
    Links,

    /// <summary>Neither: the trace begins here.</summary>
    Begins,
}

internal static class Arrivals
{
    public static Arrival Of(in SpanView span, ReadOnlySpan<byte> bytes)
    {
        if (!SpanKinds.IsInbound(span.Kind) || HasParent(span))
        {
            return Arrival.Continues;
        }

        // The walk is paid only by those that begin a trace.
        return new SpanLinks(bytes).Next() ? Arrival.Links : Arrival.Begins;
    }

    /// <summary>Some senders write eight zeros for none.</summary>
    public static bool HasParent(in SpanView span) => span.ParentSpanId.ContainsAnyExcept((byte)0);
}
