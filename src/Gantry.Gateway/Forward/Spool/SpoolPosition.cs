using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>A place in a spool: the segment's number, and the offset in it.</summary>
internal readonly record struct SpoolPlace(long Segment, long Offset);

/// <summary>
/// How far a spool is delivered, and how far an attempt was under way: 44 bytes, written in place. It is not flushed to disk: what it says is
/// only ever behind what was delivered, so a power cut costs duplicates, never data.
/// </summary>
internal sealed class SpoolPosition : IDisposable
{
    private const int FileLength = 44;
    private const ulong Magic = 0x31504952544E4147;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly string _destination;
    private bool _failed;

    public SpoolPosition(string path, ILogger logger, string destination)
    {
        _path = path;
        _logger = logger;
        _destination = destination;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>Of an earlier run; both default when there was none or it cannot be read: then all there is is sent, some perhaps again.</summary>
    public (SpoolPlace Delivered, SpoolPlace UnderWay) Read()
    {
        Span<byte> bytes = stackalloc byte[FileLength];
        if (RandomAccess.Read(_file, bytes, 0) < FileLength
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]) != SpoolRecord.Checksum(uint.MaxValue, bytes[..40]))
        {
            return default;
        }

        var delivered = new SpoolPlace(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        var underWay = new SpoolPlace(BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]));
        return delivered is { Segment: >= 0, Offset: >= 0 } ? (delivered, underWay) : default;
    }

    /// <summary>Never throws: an older position is a true one, too.</summary>
    public void Write(SpoolPlace delivered, SpoolPlace underWay)
    {
        Span<byte> bytes = stackalloc byte[FileLength];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], delivered.Segment);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], delivered.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], underWay.Segment);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], underWay.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[40..], SpoolRecord.Checksum(uint.MaxValue, bytes[..40]));
        try
        {
            RandomAccess.Write(_file, bytes, 0);
            _failed = false;
        }
        catch (IOException exception)
        {
            if (!_failed)
            {
                _failed = true;
                Log.SpoolPositionFailed(_logger, _destination, _path, exception.Message);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
