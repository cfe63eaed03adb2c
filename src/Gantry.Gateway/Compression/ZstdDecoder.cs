using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Gantry.Gateway.Compression;

/// <summary>
/// Inflates zstd frames piece by piece into room that the caller bounds. One body at a time; take one with <see cref="Rent"/>, dispose gives it back.
/// </summary>
internal sealed class ZstdDecoder : IDisposable
{
    // ZSTD_d_windowLogMax and ZSTD_reset_session_only, of zstd.h.
    private const int WindowLogMax = 100;
    private const int SessionOnly = 1;

    // A frame names the window that its reader must hold. RFC 9659: at most 8 MiB in content encodings. libzstd's own limit is 128 MiB, which a few
    // bytes from a stranger would make us allocate.
    private const int LargestWindowLog = 23;

    private static readonly ConcurrentBag<ZstdDecoder> Pool = [];

    private readonly DecompressContext _context = new();

    private ZstdDecoder() => ZstdLibrary.SetParameter(_context, WindowLogMax, LargestWindowLog);

    public static ZstdDecoder Rent() => Pool.TryTake(out var decoder) ? decoder : new ZstdDecoder();

    /// <summary>Is the last frame that was begun complete? True before the first byte.</summary>
    public bool AtFrameEnd { get; private set; } = true;

    /// <summary>Goes on until the source is used up or the target is full.</summary>
    /// <returns>False when the bytes are no zstd; the decoder is then of no more use for this body.</returns>
    public bool TryDecode(ReadOnlySpan<byte> source, Span<byte> target, out int consumed, out int written)
    {
        // Both stay where they are during the call: the pointers go no further than this frame.
        unsafe
        {
            fixed (byte* from = source, to = target)
            {
                var input = new ZstdLibrary.Buffer { Start = (nint)from, Size = (nuint)source.Length };
                var output = new ZstdLibrary.Buffer { Start = (nint)to, Size = (nuint)target.Length };
                var ok = true;
                while (ok && input.Position < input.Size && output.Position < output.Size)
                {
                    ok = Step(ref output, ref input);
                }

                // All is read, yet some may be held back inside for want of room.
                if (ok && !AtFrameEnd && output.Position < output.Size)
                {
                    ok = Step(ref output, ref input);
                }

                consumed = (int)input.Position;
                written = (int)output.Position;
                return ok;
            }
        }
    }

    public void Dispose()
    {
        ZstdLibrary.Reset(_context, SessionOnly);
        AtFrameEnd = true;
        if (Pool.Count < Environment.ProcessorCount)
        {
            Pool.Add(this);
        }
        else
        {
            _context.Dispose();
        }
    }

    private bool Step(ref ZstdLibrary.Buffer output, ref ZstdLibrary.Buffer input)
    {
        var left = ZstdLibrary.DecompressStream(_context, ref output, ref input);
        AtFrameEnd = left == 0;
        return ZstdLibrary.IsError(left) == 0;
    }
}
