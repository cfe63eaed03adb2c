using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// Requests of one signal that go out as one. An export request is one repeated field, <c>resource_spans = 1</c> or its like, so the bytes of two requests
/// one behind the other are a request with the blocks of both (https://protobuf.dev/programming-guides/encoding/#last-one-wins). Profiles are not: see
/// <see cref="MaxRequestsOf"/>. Reused; not thread-safe.
/// </summary>
internal sealed class ExportBatch
{
    /// <summary>Below the 4 MiB at which gRPC servers refuse by default, with room for what is around the message.</summary>
    public const int MaxBytes = 4_000_000;

    public const int MaxRequests = 64;

    public List<ReadOnlyMemory<byte>> Bodies { get; } = new(MaxRequests);

    public int Bytes { get; private set; }

    public int Count => Bodies.Count;

    /// <summary>Set when the batch is one request that other destinations get too: it is compressed once for all.</summary>
    public SharedRequest? Shared { get; private set; }

    /// <summary>
    /// Requests of a signal that may go out as one. A request of profiles carries a dictionary (<c>dictionary = 2</c>) into which its profiles point by
    /// index: behind another, the two dictionaries would become one, and the indices of the second would point at what belongs to the first.
    /// </summary>
    public static int MaxRequestsOf(Signal signal) => signal == Signal.Profiles ? 1 : MaxRequests;

    /// <summary>Does one more of this signal and size belong in? The first always does, however large.</summary>
    public bool HasRoomFor(Signal signal, int bytes, int maxBytes = MaxBytes, int maxRequests = MaxRequests) =>
        Count == 0 || (Count < Math.Min(maxRequests, MaxRequestsOf(signal)) && Bytes + bytes <= maxBytes);

    public void Add(ReadOnlyMemory<byte> body, SharedRequest? shared = null)
    {
        Shared = Count == 0 ? shared : null;
        Bodies.Add(body);
        Bytes += body.Length;
    }

    public void Clear()
    {
        Bodies.Clear();
        Bytes = 0;
        Shared = null;
    }
}
