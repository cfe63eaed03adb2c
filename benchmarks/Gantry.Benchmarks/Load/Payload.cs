using System.Buffers.Binary;
using System.IO.Compression;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.Load;

/// <summary>One request's body, made before any clock runs.</summary>
/// <param name="Index">Of the request in the workload.</param>
internal sealed record Payload(int Index, byte[] Body, int Spans)
{
    private const int PrefixLength = 5;

    public static IReadOnlyList<Payload> Of(TraceWorkload workload, Transport transport) =>
        [.. workload.Requests.Select((request, index) => new Payload(index, Encode(request, transport), workload.SpansOf(index)))];

    private static byte[] Encode(byte[] request, Transport transport)
    {
        var message = transport.IsGzip() ? Gzip(request) : request;
        if (!transport.IsGrpc())
        {
            return message;
        }

        var frame = new byte[PrefixLength + message.Length];
        frame[0] = transport.IsGzip() ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    private static byte[] Gzip(byte[] request)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(request);
        }

        return compressed.ToArray();
    }
}
