using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// A request's body, inflated, in one rented buffer. Its size is bounded as sent and after inflation, while it arrives: a bomb costs the limit and no
/// more. What a header or a prefix says of its length is only believed up to a few times of what has come, so that a promise holds no memory.
/// </summary>
internal sealed class ReceivedBody(BodyRooms rooms) : IDisposable
{
    private const int FirstRoom = 64 * 1024;

    // Room for what is said to come, as a multiple of what has come. Each step copies what is there: 4 keeps that below a third.
    private const int Trust = 4;

    private readonly Reservation _reservation = new(rooms.Admission);
    private BodyBuffer? _sent;
    private BodyBuffer? _inflated;

    public ReadOnlyMemory<byte> Bytes => (_inflated ?? _sent)?.Written ?? default;

    /// <summary>Length of the body as it was sent.</summary>
    public int Received { get; private set; }

    /// <param name="reader">The body; left where it was when the result is <see cref="BodyFault.Overloaded"/> or <see cref="BodyFault.TooLarge"/>.</param>
    /// <param name="declared">The length it is said to have, or null.</param>
    /// <param name="limit">Largest size, in bytes, as read and as inflated.</param>
    public async ValueTask<BodyFault> ReadAsync(PipeReader reader, ContentCoding coding, long? declared, int limit, CancellationToken gone)
    {
        try
        {
            _sent = new BodyBuffer(_reservation, rooms.Pool);
            var fault = await FillAsync(reader, _sent, declared, limit, gone);
            Received = _sent.Length;
            if (fault != BodyFault.None || coding == ContentCoding.Identity)
            {
                return fault;
            }

            _inflated = new BodyBuffer(_reservation, rooms.Pool);
            fault = await Inflater.InflateAsync(coding, _sent.Segment, _inflated, limit, gone);
            _sent.Dispose();
            return fault;
        }
        catch (BadHttpRequestException)
        {
            return BodyFault.BadRequest;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return BodyFault.Gone;
        }
    }

    /// <summary>Takes room for what is made from the body elsewhere, until this is disposed.</summary>
    public ValueTask<bool> ReserveAsync(int bytes, CancellationToken gone) => _reservation.TakeAsync(bytes, gone);

    public void Dispose()
    {
        _sent?.Dispose();
        _inflated?.Dispose();
        _reservation.Dispose();
    }

    private async ValueTask<BodyFault> FillAsync(PipeReader reader, BodyBuffer buffer, long? declared, int limit, CancellationToken gone)
    {
        using var watch = StallWatch.Rent(rooms.Time);
        while (true)
        {
            // Nothing is held for a sender until some of its body is here.
            var result = await watch.ReadAsync(reader, rooms.StallPeriod);
            var data = result.Buffer;
            watch.CountRead(data.Length);
            var length = buffer.Length + data.Length;
            if (result.IsCanceled)
            {
                reader.AdvanceTo(data.Start);
                return BodyFault.TooSlow;
            }

            if (length > limit)
            {
                reader.AdvanceTo(data.Start);
                return BodyFault.TooLarge;
            }

            if (data.Length > buffer.Free.Length && !await buffer.EnsureAsync(RoomFor((int)length, declared, limit), gone))
            {
                reader.AdvanceTo(data.Start);
                return BodyFault.Overloaded;
            }

            data.CopyTo(buffer.Free);
            buffer.Advance((int)data.Length);
            reader.AdvanceTo(data.End);
            if (result.IsCompleted)
            {
                return BodyFault.None;
            }
        }
    }

    private static int RoomFor(int length, long? declared, int limit)
    {
        var trusted = Math.Min(Math.Max((long)length * Trust, FirstRoom), limit);
        return (int)Math.Max(length, Math.Min(declared ?? Math.Max(length * 2L, FirstRoom), trusted));
    }
}

/// <summary>What all bodies share.</summary>
/// <param name="StallPeriod">A body of which less than <see cref="StallWatch.LeastBytes"/> come in this time is too slow.</param>
internal sealed record BodyRooms(Admission Admission, BodyPool Pool, TimeProvider Time, TimeSpan StallPeriod);
