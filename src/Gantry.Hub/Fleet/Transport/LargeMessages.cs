namespace Gantry.Hub.Fleet.Transport;

/// <summary>Memory that messages under way may take together, beyond the small buffer that each may have. A limit for each peer alone would let a thousand of
/// them take a thousand times as much.</summary>
internal sealed class LargeMessages(long most)
{
    private long _held;

    /// <returns>False: others hold too much.</returns>
    public bool TryHold(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most)
        {
            return true;
        }

        Interlocked.Add(ref _held, -bytes);
        return false;
    }

    public void Free(long bytes) => Interlocked.Add(ref _held, -bytes);
}
