using System.Buffers.Binary;
using System.IO.Compression;
using Gantry.Gateway.Compression;

namespace Gantry.Gateway.Receive.Body;

/// <summary>Inflates a body that is here as a whole. It never asks for more room than the limit, whatever the bytes promise.</summary>
internal static class Inflater
{
    private const int LeastRoom = 64 * 1024;

    // Telemetry shrinks to a fifth up to a tenth; a promise of more than this is not believed before it is kept.
    private const int LikelyRatio = 16;

    // Without this the runtime takes a gzip stream that is cut off for one that has ended, and its data would be lost with a 200. Our programs also
    // have it in their runtime configuration, because the first use of a GZipStream in a process settles it.
    static Inflater() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <param name="limit">Largest result, in bytes.</param>
    public static async ValueTask<BodyFault> InflateAsync(
        ContentCoding coding, ArraySegment<byte> source, BodyBuffer target, int limit, CancellationToken gone)
    {
        if (source.Count == 0)
        {
            return BodyFault.BadCompression;
        }

        // One byte over the limit is room enough to see that it is exceeded.
        if (!await target.EnsureAsync(FirstRoom(coding, source, limit), gone))
        {
            return BodyFault.Overloaded;
        }

        return coding == ContentCoding.Zstd ? await UnzstdAsync(source, target, limit, gone) : await UnzipAsync(coding, source, target, limit, gone);
    }

    private static async ValueTask<BodyFault> UnzipAsync(
        ContentCoding coding, ArraySegment<byte> source, BodyBuffer target, int limit, CancellationToken gone)
    {
        using var memory = new MemoryStream(source.Array!, source.Offset, source.Count, writable: false);
        using Stream stream = coding == ContentCoding.Gzip ? new GZipStream(memory, CompressionMode.Decompress)
            : HasZlibHeader(source) ? new ZLibStream(memory, CompressionMode.Decompress)
            : new DeflateStream(memory, CompressionMode.Decompress);
        try
        {
            while (true)
            {
                if (target.Free.IsEmpty && !await target.EnsureAsync(Next(target.Length, limit), gone))
                {
                    return BodyFault.Overloaded;
                }

                var read = stream.Read(target.Free);
                if (read == 0)
                {
                    return BodyFault.None;
                }

                target.Advance(read);
                if (target.Length > limit)
                {
                    return BodyFault.TooLarge;
                }
            }
        }
        catch (InvalidDataException)
        {
            return BodyFault.BadCompression;
        }
    }

    private static async ValueTask<BodyFault> UnzstdAsync(ArraySegment<byte> source, BodyBuffer target, int limit, CancellationToken gone)
    {
        using var decoder = ZstdDecoder.Rent();
        while (true)
        {
            if (target.Free.IsEmpty && !await target.EnsureAsync(Next(target.Length, limit), gone))
            {
                return BodyFault.Overloaded;
            }

            if (!decoder.TryDecode(source, target.Free, out var consumed, out var written))
            {
                return BodyFault.BadCompression;
            }

            source = source[consumed..];
            target.Advance(written);
            if (target.Length > limit)
            {
                return BodyFault.TooLarge;
            }

            // With room to spare it has given all that it had.
            if (source.Count == 0 && !target.Free.IsEmpty)
            {
                return decoder.AtFrameEnd ? BodyFault.None : BodyFault.BadCompression;
            }
        }
    }

    /// <summary>gzip says its size, modulo 2^32, in its last four bytes (RFC 1952, ISIZE); the others are taken for what telemetry usually is.</summary>
    private static int FirstRoom(ContentCoding coding, ReadOnlySpan<byte> source, int limit)
    {
        var likely = source.Length * (long)LikelyRatio;
        var room = coding == ContentCoding.Gzip && source.Length >= 4
            ? Math.Min(likely, BinaryPrimitives.ReadUInt32LittleEndian(source[^4..]) + 1L)
            : likely / 2;
        return (int)Math.Clamp(room, Math.Min(LeastRoom, limit + 1), limit + 1L);
    }

    private static int Next(int length, int limit) => (int)Math.Min(length * 2L, limit + 1L);

    /// <summary>RFC 1950: method 8, and the two bytes are a multiple of 31. A bare deflate block could only begin so with nonsense in its padding.</summary>
    private static bool HasZlibHeader(ReadOnlySpan<byte> source) =>
        source.Length >= 2 && (source[0] & 0x0F) == 8 && BinaryPrimitives.ReadUInt16BigEndian(source) % 31 == 0;
}
