using System.Numerics;

namespace Gantry.Gateway.Receive.Body;

/// <summary>
/// Arrays for bodies: powers of two from 64 KiB to 8 MiB, kept up to what may be in flight. (The runtime's shared pool keeps 64 of a size on two cores;
/// with more requests than that at once, each further one makes an array that only a full collection takes away.) Larger ones are rare and are
/// made anew. Thread-safe.
/// </summary>
internal sealed class BodyPool : IDisposable
{
    private const int Smallest = 64 * 1024;
    private const int Largest = 8 * 1024 * 1024;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    private readonly SpareStack<byte[]>[] _spares;
    private readonly ITimer _timer;

    /// <param name="most">Bytes to keep of each size.</param>
    public BodyPool(long most, TimeProvider time)
    {
        _spares = new SpareStack<byte[]>[IndexOf(Largest) + 1];
        for (var i = 0; i < _spares.Length; i++)
        {
            _spares[i] = new SpareStack<byte[]>((int)Math.Clamp(most / (Smallest << i), 1, 65_536));
        }

        _timer = time.CreateTimer(static state => ((BodyPool)state!).LetIdleOnesGo(), this, IdleAfter, IdleAfter);
    }

    /// <summary>Length of the array that is rented for so many bytes.</summary>
    public static int LengthFor(int bytes) =>
        bytes > Largest ? bytes : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, Smallest));

    /// <param name="length">Of <see cref="LengthFor"/>.</param>
    public byte[] Rent(int length) =>
        (length <= Largest ? _spares[IndexOf(length)].TryPop() : null) ?? GC.AllocateUninitializedArray<byte>(length);

    public void Return(byte[] array)
    {
        if (array.Length <= Largest)
        {
            _spares[IndexOf(array.Length)].Push(array);
        }
    }

    public void Dispose() => _timer.Dispose();

    private static int IndexOf(int length) => BitOperations.Log2((uint)length) - BitOperations.Log2(Smallest);

    private void LetIdleOnesGo()
    {
        foreach (var spares in _spares)
        {
            spares.LetIdleOnesGo();
        }
    }
}
