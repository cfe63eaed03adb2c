using System.Buffers.Binary;
using System.Net;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// The body of one attempt, written straight from borrowed memory. A peer may answer before it has read everything, and the handler then goes on
/// writing behind the answer: <see cref="CloseAsync"/> makes sure that nobody reads the memory any longer before it goes back.
/// </summary>
internal sealed class ExportContent : HttpContent
{
    public const int GrpcPrefixLength = 5;

    private readonly List<ReadOnlyMemory<byte>>? _bodies;
    private readonly ReadOnlyMemory<byte> _compressed;
    private readonly byte[]? _prefix;
    private readonly CancellationToken _stop;
    private readonly Lock _gate = new();
    private int _writers;
    private bool _closed;
    private TaskCompletionSource? _idle;

    /// <param name="bodies">Sent one behind the other, unless <paramref name="compressed"/> stands for them.</param>
    /// <param name="grpc">With the prefix of a gRPC message: one byte "compressed", four bytes length, big-endian.</param>
    /// <param name="stop">Ends writing.</param>
    public ExportContent(List<ReadOnlyMemory<byte>> bodies, int bytes, ReadOnlyMemory<byte>? compressed, bool grpc, CancellationToken stop)
    {
        _bodies = compressed is null ? bodies : null;
        _compressed = compressed ?? default;
        _stop = stop;
        var length = compressed?.Length ?? bytes;
        if (grpc)
        {
            _prefix = new byte[GrpcPrefixLength];
            _prefix[0] = compressed is null ? (byte)0 : (byte)1;
            BinaryPrimitives.WriteInt32BigEndian(_prefix.AsSpan(1), length);
        }

        Headers.ContentLength = length + (_prefix?.Length ?? 0);
    }

    /// <summary>After this, nothing touches the memory. Ends at once unless somebody still writes; <paramref name="stop"/> then makes it end.</summary>
    public ValueTask CloseAsync(CancellationTokenSource stop)
    {
        lock (_gate)
        {
            _closed = true;
            if (_writers == 0)
            {
                return ValueTask.CompletedTask;
            }

            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        stop.Cancel();
        return new ValueTask(_idle.Task);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Headers.ContentLength ?? 0;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The handler's token is our own one or is not to be had; ours ends in either case.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _writers++;
        }

        try
        {
            if (_prefix is not null)
            {
                await stream.WriteAsync(_prefix, _stop);
            }

            if (_bodies is null)
            {
                await stream.WriteAsync(_compressed, _stop);
                return;
            }

            for (var i = 0; i < _bodies.Count; i++)
            {
                await stream.WriteAsync(_bodies[i], _stop);
            }
        }
        finally
        {
            lock (_gate)
            {
                if (--_writers == 0)
                {
                    _idle?.SetResult();
                }
            }
        }
    }
}
