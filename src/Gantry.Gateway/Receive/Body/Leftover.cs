using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// What a refused HTTP/1.1 client has still to send. An answer that is followed by a closed connection can be lost: bytes that nobody reads make the
/// system reset the connection, and the client then sees that instead of the answer. So a small rest is read away before the answer, and the
/// connection lives on; with a large or slow one the answer says "Connection: close" and what still comes is read away after it. HTTP/2 needs
/// none of this, a stream ends by itself.
/// </summary>
internal static class Leftover
{
    private const long SmallRest = 1024 * 1024;

    // As nginx's lingering_close: who sends longer than this after the answer does not read answers.
    private const long LargestRest = 256L * 1024 * 1024;

    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongTime = TimeSpan.FromSeconds(10);

    /// <summary>Before the answer.</summary>
    /// <param name="begun">Was reading begun? If not, a client that sent "Expect: 100-continue" still waits for leave to send.</param>
    /// <returns>False: there is more; answer, then <see cref="LingerAsync"/>.</returns>
    public static async ValueTask<bool> ClearAsync(HttpContext context, bool begun, TimeProvider time)
    {
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) && !HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            return true;
        }

        if (context.Request.ContentLength > SmallRest || AsksFirst(context, begun))
        {
            context.Response.Headers.Connection = "close";
            return false;
        }

        if (await DrainAsync(context.Request.BodyReader, SmallRest, ShortTime, time))
        {
            return true;
        }

        context.Response.Headers.Connection = "close";
        return false;
    }

    /// <summary>After the answer was sent.</summary>
    public static async ValueTask LingerAsync(HttpContext context, bool begun, TimeProvider time)
    {
        // Reading would invite it to send.
        if (!AsksFirst(context, begun))
        {
            await DrainAsync(context.Request.BodyReader, LargestRest, LongTime, time);
        }
    }

    private static bool AsksFirst(HttpContext context, bool begun) => !begun && context.Request.Headers.Expect.Count > 0;

    private static async ValueTask<bool> DrainAsync(PipeReader reader, long most, TimeSpan longest, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(longest, time);
        try
        {
            while (most > 0)
            {
                var result = await reader.ReadAsync(limit.Token);
                most -= result.Buffer.Length;
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return true;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Too slow, gone, or no valid HTTP: the connection is of no more use.
        }

        return false;
    }
}
