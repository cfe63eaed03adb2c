using System.Buffers;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// One request on its way to several destinations: compressed once per compression, copied once when somebody keeps it past the client's
/// answer. Counted references; the last one gives the memory back.
/// </summary>
internal sealed class SharedRequest(ReadOnlyMemory<byte> body) : IDisposable
{
    private readonly Lock _gate = new();
    private int _references = 1;
    private byte[]? _copy;
    private PooledBuffer? _gzip;
    private PooledBuffer? _zstd;

    public ReadOnlyMemory<byte> Body { get; private set; } = body;

    /// <summary>From here on the bytes are ours. Not while somebody sends the borrowed ones.</summary>
    public void Own()
    {
        if (_copy is null)
        {
            _copy = ArrayPool<byte>.Shared.Rent(Body.Length);
            Body.CopyTo(_copy);
            Body = _copy.AsMemory(0, Body.Length);
        }
    }

    /// <summary>Valid until <see cref="Dispose"/>; never for <see cref="DestinationCompression.None"/>.</summary>
    public ReadOnlyMemory<byte> Compressed(DestinationCompression compression)
    {
        lock (_gate)
        {
            ref var slot = ref compression == DestinationCompression.Gzip ? ref _gzip : ref _zstd;
            slot ??= Compressor.Compress(compression, [Body], Body.Length);
            return slot.WrittenMemory;
        }
    }

    public SharedRequest AddReference()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    /// <summary>Gives up one reference.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) > 0)
        {
            return;
        }

        Body = default;
        var copy = _copy;
        _copy = null;
        if (copy is not null)
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        _gzip?.Dispose();
        _zstd?.Dispose();
    }
}
