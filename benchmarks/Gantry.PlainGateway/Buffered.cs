using Microsoft.AspNetCore.Http;
using System.Buffers;

namespace Gantry.PlainGateway;

/// <summary>A body in one rented array.</summary>
internal sealed class Buffered : IDisposable
{
    private byte[] _bytes;
    private int _length;

    private Buffered(int expected) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected + 1, 64 * 1024, Pipeline.MaxRequestBytes));

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public static async Task<Buffered> ReadAsync(Stream source, int expected, CancellationToken cancellation)
    {
        var body = new Buffered(expected);
        int read;
        while ((read = await source.ReadAsync(body._bytes.AsMemory(body._length), cancellation)) > 0)
        {
            body._length += read;
            if (body._length > Pipeline.MaxRequestBytes)
            {
                throw new BadHttpRequestException("the request is too large", StatusCodes.Status413PayloadTooLarge);
            }

            if (body._length == body._bytes.Length)
            {
                var bigger = ArrayPool<byte>.Shared.Rent(body._length * 2);
                body._bytes.AsSpan(0, body._length).CopyTo(bigger);
                ArrayPool<byte>.Shared.Return(body._bytes);
                body._bytes = bigger;
            }
        }

        return body;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
