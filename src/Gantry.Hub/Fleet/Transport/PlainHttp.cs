using System.Buffers;
using System.IO.Compression;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>One exchange over plain HTTP. (OpAMP v0.20, "Plain HTTP Transport".)</summary>
internal sealed class PlainHttp(FleetStore fleet, FleetOptions options, ILogger<PlainHttp> logger)
{
    private const int FirstBuffer = 4096;

    // Below it, gzip adds more than it takes.
    private const int WorthPacking = 256;

    public async Task HandleAsync(HttpContext context)
    {
        var type = context.Request.ContentType;
        if (type is null || !(type.Equals(OpAmpEndpoint.Protobuf, StringComparison.OrdinalIgnoreCase) || type.StartsWith(OpAmpEndpoint.Protobuf + ";", StringComparison.OrdinalIgnoreCase)))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Content-Type \"{type}\": send {OpAmpEndpoint.Protobuf}\n");
            return;
        }

        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding \"{encoding}\": send gzip or identity\n");
            return;
        }

        using var body = new ProtoWriter(FirstBuffer);
        await using var source = encoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        try
        {
            if (!await ReadAllAsync(source, body, context.RequestAborted))
            {
                await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"a message is larger than {options.MaxMessageBytes} bytes\n");
                return;
            }
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limit is met first when the body's length is announced; the sender's fault, so no error of ours.
            context.Response.StatusCode = exception.StatusCode;
            return;
        }
        catch (InvalidDataException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "the body is not gzip\n");
            return;
        }

        await AnswerAsync(context, Compose(body.Written, AgentPeer.Of(context, isWebSocket: false)));
    }

    private AgentReply Compose(ReadOnlySpan<byte> body, AgentPeer? peer)
    {
        if (BareMessage.TryRead(body, out var beat) && fleet.TryBeat(beat, AgentConnection.Http, out var capabilities, peer))
        {
            return new AgentReply { Uid = beat.InstanceUid.ToByteArray(bigEndian: true), Capabilities = capabilities };
        }

        return WireMessage.TryRead<AgentToServer>(body, out var error) is { } message
            ? fleet.Take(message, AgentConnection.Http, peer)
            : AgentReply.BadRequest(default, $"not an AgentToServer message ({error})");
    }

    private async Task AnswerAsync(HttpContext context, AgentReply reply)
    {
        if (reply.Error?.Type == ServerErrorType.Unavailable)
        {
            Admission.TurnAway(context.Response);
            return;
        }

        using var bytes = new ProtoWriter();
        reply.WriteTo(bytes);
        if (bytes.Written.Length > options.MaxMessageBytes)
        {
            Log.OversizeNotSent(logger, bytes.Written.Length, options.MaxMessageBytes);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var response = context.Response;
        response.ContentType = OpAmpEndpoint.Protobuf;
        var mayPack = AcceptsGzip(context.Request.Headers.AcceptEncoding.ToString());
        if (!mayPack || bytes.Written.Length < WorthPacking)
        {
            response.ContentLength = bytes.Written.Length;
            await response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(bytes.WrittenMemory, context.RequestAborted);
    }

    /// <summary>gzip, without a quality of zero.</summary>
    private static bool AcceptsGzip(string header)
    {
        foreach (var item in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = item.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return !parts.Any(part => part is "q=0" or "q=0.0" or "q=0.00" or "q=0.000");
            }
        }

        return false;
    }

    private async Task<bool> ReadAllAsync(Stream source, ProtoWriter target, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                if (target.Written.Length + read > options.MaxMessageBytes)
                {
                    return false;
                }

                target.Raw(buffer.AsSpan(0, read));
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
