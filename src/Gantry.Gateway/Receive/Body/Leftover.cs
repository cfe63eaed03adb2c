using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// What a refused HTTP/1.1 client has still to send. It must read its answer, and must not find the connection closed under its next request. So a
/// small rest is read away before the answer, and the connection lives on; with a large or slow one the answer says "Connection: close". (Kestrel
/// then reads on for five seconds after the answer, because bytes that nobody reads would make the system reset the connection, and the client
/// could lose the answer.) HTTP/2 needs none of this, a stream ends by itself.
/// </summary>
internal static class Leftover
{
    private const long SmallRest = 1024 * 1024;

    private static readonly TimeSpan ShortTime = TimeSpan.FromSeconds(1);

    /// <summary>Before the answer is begun.</summary>
    /// <param name="begun">Was the body begun? If not, a client that sent "Expect: 100-continue" still waits for leave, and reading would give it.</param>
    public static async ValueTask ClearAsync(HttpContext context, bool begun, TimeProvider time)
    {
        var request = context.Request;
        if (HttpProtocol.IsHttp2(request.Protocol))
        {
            return;
        }

        var isSmall = request.ContentLength is not > SmallRest && (begun || request.Headers.Expect.Count == 0);
        if (!isSmall || !await DrainAsync(context, time))
        {
            context.Response.Headers.Connection = "close";
        }
    }

    private static async ValueTask<bool> DrainAsync(HttpContext context, TimeProvider time)
    {
        var reader = context.Request.BodyReader;
        using var limit = new CancellationTokenSource(ShortTime, time);
        // Not the token itself: a read that throws leaves Kestrel's reader unusable, for Kestrel too.
        await using var end = limit.Token.UnsafeRegister(static state => ((System.IO.Pipelines.PipeReader)state!).CancelPendingRead(), reader);
        for (var rest = SmallRest; rest > 0;)
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            rest -= result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || result.IsCanceled)
            {
                return result.IsCompleted;
            }
        }

        return false;
    }
}
