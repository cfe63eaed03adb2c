using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using Gantry.Protocol.FleetManagement;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>What surrounds the message of a unary call (https://connectrpc.com/docs/protocol/#unary-request), by POST or by GET.</summary>
internal static class ConnectRequest
{
    private const int Step = 16 * 1024;
    private const int Some = 4096;

    /// <summary>What is wrong with the headers or the query; null when nothing is. A missing version is all right: people use curl.</summary>
    public static ConnectError? Check(HttpRequest request, out TimeSpan? timeout)
    {
        timeout = null;
        var isGet = HttpMethods.IsGet(request.Method);
        var version = isGet ? request.Query["connect"].ToString() : request.Headers["Connect-Protocol-Version"].ToString();
        if (version is not "" && version != (isGet ? "v1" : "1"))
        {
            return Errors.Invalid(isGet ? $"connect={version}: expected v1" : $"Connect-Protocol-Version: {version}: expected 1");
        }

        var text = request.Headers["Connect-Timeout-Ms"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Length > 10 || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return Errors.Invalid($"Connect-Timeout-Ms: {text}: expected milliseconds in at most 10 digits");
        }

        timeout = TimeSpan.FromMilliseconds(Math.Min(milliseconds, ConnectLimits.LongestTimeout.TotalMilliseconds));
        return null;
    }

    /// <summary>The codec; null when it is none of ours.</summary>
    public static Codec? CodecOf(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) ? Codecs.OfName(request.Query["encoding"].ToString()) : Codecs.OfContentType(request.ContentType);

    /// <summary>The message, inflated.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, ConnectError? Error)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var isGet = HttpMethods.IsGet(request.Method);
        var compression = isGet ? request.Query["compression"].ToString() : request.Headers.ContentEncoding.ToString();
        if (compression is not ("" or "identity" or "gzip"))
        {
            return (default, new ConnectError(ConnectCode.Unimplemented, $"compression \"{compression}\": expected gzip or identity"));
        }

        if (request.ContentLength > ConnectLimits.MessageBytes)
        {
            return (default, TooLarge);
        }

        var raw = isGet ? Message(request) : await BodyAsync(request.BodyReader, cancellation);
        return raw is null ? (default, isGet ? Errors.Invalid("message: expected it in the query, URL-encoded, or in base64 for URLs with base64=1") : TooLarge)
            : compression == "gzip" ? Inflate(raw)
            : (raw, null);
    }

    private static ConnectError TooLarge => new(ConnectCode.ResourceExhausted, $"the message is larger than {ConnectLimits.MessageBytes} bytes");

    private static byte[]? Message(HttpRequest request)
    {
        if (request.Query["message"] is not [{ } text])
        {
            return null;
        }

        if (request.Query["base64"] != "1")
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }

        // Written without padding, and read with it too.
        var plain = text.TrimEnd('=');
        return Base64Url.IsValid(plain) ? Base64Url.DecodeFromChars(plain) : null;
    }

    /// <summary>Memory grows with what came, never with what was announced.</summary>
    /// <returns>Null: it is too large.</returns>
    private static async Task<byte[]?> BodyAsync(PipeReader reader, CancellationToken cancellation)
    {
        using var target = new ProtoWriter(Step);
        // Not the read's own token: the server could not pass over the rest of a body whose read was broken off.
        await using var registration = cancellation.Register(reader.CancelPendingRead);
        while (true)
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            var fits = target.Written.Length + result.Buffer.Length <= ConnectLimits.MessageBytes;
            if (fits)
            {
                result.Buffer.CopyTo(target.Reserve((int)result.Buffer.Length));
            }

            reader.AdvanceTo(result.Buffer.End);
            cancellation.ThrowIfCancellationRequested();
            if (!fits || result.IsCompleted)
            {
                return fits ? target.ToArray() : null;
            }
        }
    }

    private static (ReadOnlyMemory<byte> Body, ConnectError? Error) Inflate(byte[] raw)
    {
        using var gzip = new GZipStream(new MemoryStream(raw), CompressionMode.Decompress);
        using var target = new ProtoWriter(Step);
        Span<byte> some = stackalloc byte[Some];
        try
        {
            int read;
            while ((read = gzip.Read(some)) > 0)
            {
                if (target.Written.Length + read > ConnectLimits.MessageBytes)
                {
                    return (default, TooLarge);
                }

                target.Raw(some[..read]);
            }

            return (target.ToArray(), null);
        }
        catch (InvalidDataException)
        {
            return (default, Errors.Invalid("the message is not gzip"));
        }
    }
}
