using System.Buffers;

namespace Gantry.Gateway.Receive.Body;

/// <summary>Bytes of one request in one rented array, which grows by asking the reservation first. Dispose gives both back.</summary>
internal sealed class BodyBuffer(Reservation reservation) : IDisposable
{
    private byte[] _bytes = [];
    private int _capacity;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>The same as a segment, for what wants an array.</summary>
    public ArraySegment<byte> Segment => new(_bytes, 0, Length);

    public Span<byte> Free => _bytes.AsSpan(Length, _capacity - Length);

    /// <summary>Marks bytes of <see cref="Free"/> as written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Makes room for <paramref name="capacity"/> bytes in all.</summary>
    /// <returns>False: there is none to be had; content stays as it was.</returns>
    public ValueTask<bool> EnsureAsync(int capacity, CancellationToken gone)
    {
        if (capacity <= _capacity)
        {
            return ValueTask.FromResult(true);
        }

        var taken = reservation.TakeAsync(capacity, gone);
        if (!taken.IsCompletedSuccessfully)
        {
            return AwaitAsync(taken, capacity);
        }

        return ValueTask.FromResult(Grow(taken.GetAwaiter().GetResult(), capacity));
    }

    public void Dispose()
    {
        var bytes = _bytes;
        var capacity = _capacity;
        _bytes = [];
        Length = _capacity = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            reservation.Return(capacity);
        }
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> taken, int capacity) => Grow(await taken, capacity);

    private bool Grow(bool granted, int capacity)
    {
        if (!granted)
        {
            return false;
        }

        var bigger = ArrayPool<byte>.Shared.Rent(capacity);
        _bytes.AsSpan(0, Length).CopyTo(bigger);
        var (old, oldCapacity) = (_bytes, _capacity);
        (_bytes, _capacity) = (bigger, capacity);
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
            reservation.Return(oldCapacity);
        }

        return true;
    }
}
