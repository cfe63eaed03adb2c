namespace Gantry.Gateway.Receive.Body;

/// <summary>Bytes of one request in one rented array, which grows by asking the reservation first. Dispose gives both back.</summary>
internal sealed class BodyBuffer(Reservation reservation, BodyPool pool) : IDisposable
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>The same as a segment, for what wants an array.</summary>
    public ArraySegment<byte> Segment => new(_bytes, 0, Length);

    public Span<byte> Free => _bytes.AsSpan(Length);

    /// <summary>Marks bytes of <see cref="Free"/> as written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Makes room for <paramref name="capacity"/> bytes in all.</summary>
    /// <returns>False: there is none to be had; content stays as it was.</returns>
    public ValueTask<bool> EnsureAsync(int capacity, CancellationToken gone)
    {
        if (capacity <= _bytes.Length)
        {
            return ValueTask.FromResult(true);
        }

        var length = BodyPool.LengthFor(capacity);
        var taken = reservation.TakeAsync(length, gone);
        return taken.IsCompletedSuccessfully ? ValueTask.FromResult(Grow(taken.GetAwaiter().GetResult(), length)) : AwaitAsync(taken, length);
    }

    public void Dispose()
    {
        Length = 0;
        GiveBack(_bytes);
        _bytes = [];
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> taken, int length) => Grow(await taken, length);

    private bool Grow(bool granted, int length)
    {
        if (granted)
        {
            var bigger = pool.Rent(length);
            Written.Span.CopyTo(bigger);
            GiveBack(_bytes);
            _bytes = bigger;
        }

        return granted;
    }

    private void GiveBack(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            pool.Return(bytes);
            reservation.Return(bytes.Length);
        }
    }
}
