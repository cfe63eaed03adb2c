namespace Gantry.Gateway.Forward.Routes;

/// <summary>One waits, others ring. Rings do not add up, and none is missed: look for work after each wait.</summary>
internal sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim _ring = new(0, 1);
    private int _rung;

    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            _ring.Release();
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        await _ring.WaitAsync(cancellation);
        Volatile.Write(ref _rung, 0);
    }

    public void Dispose() => _ring.Dispose();
}
