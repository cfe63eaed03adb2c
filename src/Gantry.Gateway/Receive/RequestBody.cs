using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive;

internal enum BodyFault
{
    None,
    TooLarge,

    /// <summary>Content-Encoding names a compression we do not have.</summary>
    UnknownEncoding,

    /// <summary>Not gzip, or cut off.</summary>
    BadCompression,

    /// <summary>The peer broke off, or did not speak HTTP: its mistake, not ours.</summary>
    BadRequest,
}

/// <summary>
/// A request's body, inflated, in one rented buffer. Size is bounded as sent and after inflation, while it arrives: a gzip bomb costs the limit and
/// no more. The declared length is only believed downwards, nothing is rented ahead because a header says so.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstRent = 64 * 1024;

    // Without this the runtime takes a gzip stream that is cut off for one that has ended, and its data would be lost with a 200. Our programs also
    // have it in their runtime configuration, because the first use of a GZipStream in a process settles it.
    static RequestBody() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <param name="encoding">"", "identity", "gzip" or "x-gzip", in any case.</param>
    /// <param name="limit">Largest size, in bytes, as read and as inflated.</param>
    public async ValueTask<BodyFault> ReadAsync(Stream source, string encoding, int limit, CancellationToken cancellation)
    {
        try
        {
            switch (encoding.ToLowerInvariant())
            {
                case "" or "identity":
                    return await FillAsync(source, limit, cancellation);
                case "gzip" or "x-gzip":
                    return await InflateAsync(source, limit, cancellation);
                default:
                    return BodyFault.UnknownEncoding;
            }
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyFault.TooLarge : BodyFault.BadRequest;
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<BodyFault> InflateAsync(Stream source, int limit, CancellationToken cancellation)
    {
        await using var gzip = new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            return await FillAsync(gzip, limit, cancellation);
        }
        catch (InvalidDataException)
        {
            return BodyFault.BadCompression;
        }
    }

    private async ValueTask<BodyFault> FillAsync(Stream source, int limit, CancellationToken cancellation)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_length), cancellation);
            if (read == 0)
            {
                return BodyFault.None;
            }

            _length += read;
            if (_length > limit)
            {
                return BodyFault.TooLarge;
            }
        }
    }

    private void Grow()
    {
        var bigger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(bigger);
        var old = _buffer;
        _buffer = bigger;
        ArrayPool<byte>.Shared.Return(old);
    }
}
