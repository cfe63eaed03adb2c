using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Gantry.Gateway.Compression;

/// <summary>
/// Zstandard (RFC 8878) through the system's libzstd: the base library of .NET 10 has none. Thread-safe. Contexts are kept, as making one costs more
/// than compressing a small batch.
/// </summary>
internal static class Zstd
{
    /// <summary>What to tell a person whose machine lacks it.</summary>
    public const string Missing = "this gateway has no zstd: install libzstd (Debian and Ubuntu: libzstd1) and start it again";

    private static readonly ConcurrentBag<CompressContext> Contexts = [];

    /// <summary>Is libzstd on this machine? Settled at the first question.</summary>
    public static bool IsAvailable { get; } = ZstdLibrary.IsPresent();

    /// <summary>Length that holds the result of <see cref="Compress"/> for any source of <paramref name="length"/> bytes.</summary>
    public static int CompressBound(int length) => checked((int)ZstdLibrary.CompressBound((nuint)length));

    /// <summary>Makes one whole frame that says its content's size.</summary>
    /// <param name="level">1 (fastest) to 19.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="target"/> is shorter than <see cref="CompressBound"/> and too short.</exception>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target, int level)
    {
        if (!Contexts.TryTake(out var context))
        {
            context = new CompressContext();
        }

        try
        {
            var written = ZstdLibrary.CompressCCtx(
                context, ref MemoryMarshal.GetReference(target), (nuint)target.Length, in MemoryMarshal.GetReference(source), (nuint)source.Length, level);
            return ZstdLibrary.IsError(written) == 0
                ? (int)written
                : throw new ArgumentException($"zstd: {ZstdLibrary.Describe(written)} ({source.Length} bytes into {target.Length})", nameof(target));
        }
        finally
        {
            Keep(context);
        }
    }

    private static void Keep(CompressContext context)
    {
        if (Contexts.Count < Environment.ProcessorCount)
        {
            Contexts.Add(context);
        }
        else
        {
            context.Dispose();
        }
    }
}
