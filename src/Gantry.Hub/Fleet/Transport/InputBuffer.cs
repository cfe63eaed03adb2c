using System.Buffers;
using Gantry.Protocol.WebSockets;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>A whole message, however many frames it came in, or a control frame. The payload is the buffer's until <see cref="InputBuffer.Consumed"/>.</summary>
internal readonly record struct InputFrame(Opcode Opcode, Memory<byte> Payload);

internal readonly record struct FrameProblem(CloseCode Code, string Why);

/// <summary>
/// Bytes of a client that are not taken yet. Grows with what came, never with what was announced; a message in pieces is moved together in place:
/// <code>
///   | assembled pieces | frame under way … |  free |
///   0                  _assembled          _have
/// </code>
/// </summary>
internal sealed class InputBuffer(int size, LargeMessages large) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _assembled;
    private int _have;
    private int _take;
    private long _held;
    private bool _inPieces;

    public Memory<byte> Free
    {
        get
        {
            if (_have == _buffer.Length)
            {
                Grow();
            }

            return _buffer.AsMemory(_have);
        }
    }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_assembled, _have - _assembled);

    public bool IsEmpty => _have == 0;

    public void Received(int count) => _have += count;

    public void Clear() => (_assembled, _have, _inPieces) = (0, 0, false);

    /// <param name="most">Bytes of a message.</param>
    public FrameRead TryReadFrame(int most, out InputFrame frame, out FrameProblem problem)
    {
        frame = default;
        problem = default;
        while (true)
        {
            var rest = _buffer.AsSpan(_assembled, _have - _assembled);
            var read = FrameHeader.TryRead(rest, out var header);
            if (read != FrameRead.Complete)
            {
                problem = new FrameProblem(CloseCode.ProtocolError, "no WebSocket frame");
                return read;
            }

            if (Problem(header, most) is { } found)
            {
                problem = found;
                return FrameRead.Malformed;
            }

            if (rest.Length < header.Size + header.Length)
            {
                if (_overBudget)
                {
                    problem = new FrameProblem(CloseCode.TryAgainLater, "too many large messages at once");
                    return FrameRead.Malformed;
                }

                return FrameRead.NeedsMore;
            }

            var length = (int)header.Length;
            FrameHeader.Apply(header.Mask, rest.Slice(header.Size, length));
            _take = header.Size + length;
            if (header.IsControl)
            {
                frame = new InputFrame(header.Opcode, _buffer.AsMemory(_assembled + header.Size, length));
                return FrameRead.Complete;
            }

            if (header.Fin && !_inPieces)
            {
                frame = new InputFrame(Opcode.Binary, _buffer.AsMemory(header.Size, length));
                return FrameRead.Complete;
            }

            // The piece goes where its header was.
            rest[header.Size..].CopyTo(rest);
            _have -= header.Size;
            _assembled += length;
            _inPieces = true;
            if (header.Fin)
            {
                frame = new InputFrame(Opcode.Binary, _buffer.AsMemory(0, _assembled));
                (_take, _inPieces) = (0, false);
                return FrameRead.Complete;
            }
        }
    }

    /// <summary>The frame that was read is done with.</summary>
    public void Consumed()
    {
        // A control frame may stand between the pieces of a message; else the message itself goes too.
        var start = _inPieces ? _assembled : 0;
        var end = (_inPieces ? _assembled : _assembled > 0 ? _assembled : 0) + _take;
        _buffer.AsSpan(end, _have - end).CopyTo(_buffer.AsSpan(start));
        _have -= end - start;
        _assembled = _inPieces ? _assembled : 0;
        _take = 0;
    }

    public void Dispose()
    {
        large.Free(_held);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool _overBudget;

    private FrameProblem? Problem(FrameHeader header, int most) => header switch
    {
        { Masked: false } => new FrameProblem(CloseCode.ProtocolError, "a client's frames are masked"),
        { IsControl: true } => null,
        { Opcode: Opcode.Text } => new FrameProblem(CloseCode.NotBinary, "OpAMP messages are binary"),
        { Opcode: Opcode.Continuation } when !_inPieces => new FrameProblem(CloseCode.ProtocolError, "a continuation of nothing"),
        { Opcode: Opcode.Binary } when _inPieces => new FrameProblem(CloseCode.ProtocolError, "a message within a message"),
        _ when header.Length + _assembled > most => new FrameProblem(CloseCode.TooBig, $"a message is larger than {most} bytes"),
        _ => null,
    };

    private void Grow()
    {
        var more = _buffer.Length;
        if (!large.TryHold(more))
        {
            // Taken all the same, this once: the frame is then refused, and the memory is given back with it.
            _overBudget = true;
        }
        else
        {
            _held += more;
        }

        var bigger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _have).CopyTo(bigger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = bigger;
    }
}
