using System.Buffers;
using System.IO.Pipelines;

namespace Gantry.Gateway.Receive.Listen;

/// <summary>Tells HTTP/2 from HTTP/1.1 by the first bytes of a connection (RFC 9113, 3.4); HTTP/1.1 has no method PRI.</summary>
internal static class HttpPreface
{
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0"u8;

    /// <summary>Reads as little as it needs and consumes none of it.</summary>
    /// <exception cref="IOException">The connection ended or broke.</exception>
    public static async ValueTask<bool> IsHttp2Async(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation);
            var verdict = Judge(result.Buffer);
            if (verdict is not null)
            {
                // Not examined either, so that the next reader is not kept waiting for more.
                input.AdvanceTo(result.Buffer.Start);
                return verdict.Value;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                throw new IOException("the connection ended before its first request");
            }
        }
    }

    /// <returns>Null while it could be either.</returns>
    internal static bool? Judge(ReadOnlySequence<byte> bytes)
    {
        Span<byte> first = stackalloc byte[Preface.Length];
        first = first[..(int)Math.Min(bytes.Length, first.Length)];
        bytes.Slice(0, first.Length).CopyTo(first);
        return !Preface.StartsWith(first) ? false : first.Length == Preface.Length ? true : null;
    }
}
