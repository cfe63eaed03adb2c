using System.Buffers;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>The body of an answer, which a peer may make as long as it likes.</summary>
internal static class Answer
{
    /// <summary>A partial success with its message is far below this.</summary>
    private const int KeptBytes = 64 * 1024;

    /// <summary>The OTLP specification lets answers be 4 MiB; we read so far to get at the trailers behind.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <returns>All of it, or nothing when it is longer than we care to keep.</returns>
    /// <exception cref="HttpIOException">It is longer than any answer may be.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        byte[] kept = [];
        long length = 0;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
            {
                length += read;
                if (length > MaxBytes)
                {
                    throw new HttpIOException(HttpRequestError.ConfigurationLimitExceeded, $"the destination's answer is longer than {MaxBytes} bytes");
                }

                kept = length <= KeptBytes ? [.. kept, .. buffer.AsSpan(0, read)] : [];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return kept;
    }
}
