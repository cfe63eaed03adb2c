using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Gantry.Gateway.Compression;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>Requests as one compressed body. One gzip member, one zstd frame: several in a row are legal, yet not every receiver reads past the first.</summary>
internal static class Compressor
{
    private const int ZstdLevel = 1;

    /// <summary>The value of Content-Encoding and grpc-encoding; null for none.</summary>
    public static string? NameOf(DestinationCompression compression) => compression switch
    {
        DestinationCompression.Gzip => "gzip",
        DestinationCompression.Zstd => "zstd",
        _ => null,
    };

    /// <param name="bodies">One behind the other they are one request.</param>
    /// <param name="bytes">Their lengths together.</param>
    /// <returns>The caller disposes it.</returns>
    public static PooledBuffer Compress(DestinationCompression compression, List<ReadOnlyMemory<byte>> bodies, int bytes)
    {
        // Telemetry shrinks to a fifth and less; it grows when that is not enough.
        var target = new PooledBuffer((bytes / 4) + 1024);
        if (compression == DestinationCompression.Gzip)
        {
            using var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
            foreach (var body in CollectionsMarshal.AsSpan(bodies))
            {
                gzip.Write(body.Span);
            }

            return target;
        }

        if (bodies.Count == 1)
        {
            ToZstd(bodies[0].Span, target);
            return target;
        }

        var source = ArrayPool<byte>.Shared.Rent(bytes);
        var length = 0;
        foreach (var body in CollectionsMarshal.AsSpan(bodies))
        {
            body.Span.CopyTo(source.AsSpan(length));
            length += body.Length;
        }

        ToZstd(source.AsSpan(0, length), target);
        ArrayPool<byte>.Shared.Return(source);
        return target;
    }

    private static void ToZstd(ReadOnlySpan<byte> source, PooledBuffer target) =>
        target.Advance(Zstd.Compress(source, target.Room(Zstd.CompressBound(source.Length)), ZstdLevel));
}
