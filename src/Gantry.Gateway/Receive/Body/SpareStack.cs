namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// Spare buffers of one size. The last one in is the first one out, because it is still in the CPU's cache. What was not needed for a while is let go
/// by halves, so that a burst does not stay with us. Thread-safe.
/// </summary>
/// <param name="most">Further ones are let go at once.</param>
internal sealed class SpareStack<T>(int most)
    where T : class
{
    private readonly Lock _gate = new();
    private T?[] _items = new T?[Math.Min(most, 16)];
    private int _count;
    private int _least;

    public int Count => Volatile.Read(ref _count);

    public T? TryPop()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return null;
            }

            var item = _items[--_count];
            _items[_count] = null;
            _least = Math.Min(_least, _count);
            return item;
        }
    }

    public void Push(T item)
    {
        lock (_gate)
        {
            if (_count == most)
            {
                return;
            }

            if (_count == _items.Length)
            {
                Array.Resize(ref _items, Math.Min(_items.Length * 2, most));
            }

            _items[_count++] = item;
        }
    }

    /// <summary>To be called now and then: half of those that lay here all the time since the last call go.</summary>
    public void LetIdleOnesGo()
    {
        lock (_gate)
        {
            var gone = (_least + 1) / 2;
            _count -= gone;
            Array.Clear(_items, _count, gone);
            _least = _count;
        }
    }
}
