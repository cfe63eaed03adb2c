namespace Gantry.Agent.Host;

/// <summary>Lines of a file of unknown length, read in pieces through a buffer that somebody else owns. A line that does not fit is passed over.</summary>
internal ref struct FileLines(int descriptor, Span<byte> buffer, int mostBytes) : IDisposable
{
    private readonly Span<byte> _buffer = buffer;
    private int _start;
    private int _end;
    private int _left = mostBytes;
    private bool _isSkipping;

    public readonly bool IsOpen => descriptor >= 0;

    public bool Next(out ReadOnlySpan<byte> line)
    {
        line = default;
        while (IsOpen)
        {
            var rest = _buffer[_start.._end];
            var length = rest.IndexOf((byte)'\n');
            if (length >= 0)
            {
                _start += length + 1;
                if (!_isSkipping)
                {
                    line = rest[..length];
                    return true;
                }

                _isSkipping = false;
            }
            else if (!Fill())
            {
                // The last line has no end when the file was cut off.
                line = _isSkipping ? default : rest;
                _start = _end;
                return !line.IsEmpty;
            }
        }

        return false;
    }

    public readonly void Dispose()
    {
        if (IsOpen)
        {
            _ = Libc.Close(descriptor);
        }
    }

    private bool Fill()
    {
        if (_start == 0 && _end == _buffer.Length)
        {
            _isSkipping = true;
            _end = 0;
        }

        _buffer[_start.._end].CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var room = Math.Min(_buffer.Length - _end, _left);
        var read = room > 0 ? Libc.Read(descriptor, _buffer.Slice(_end, room)) : 0;
        if (read <= 0)
        {
            return false;
        }

        _end += read;
        _left -= read;
        return true;
    }
}
