using System.Buffers;
using Gantry.Gateway.Forward.Routes;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// Reads a spool in order, one batch in memory at a time whatever waits. What cannot be read is passed over, said and counted; nothing is ever made
/// up, because each record has its checksum. Only the pump calls it, but for <see cref="Waiting"/>.
/// </summary>
internal sealed class SpoolReader : IBacklog, IDisposable
{
    private readonly SpoolFolder _folder;
    private readonly SpoolSegments _segments;
    private readonly SpoolPosition _position;
    private readonly TimeSpan? _maxAge;
    private readonly Bell _written;
    private readonly DestinationHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SpoolRefused _refused;
    private readonly List<long> _ends = new(ExportBatch.MaxRequests);

    private SpoolPlace _place;
    private SpoolPlace _suspect;
    private SafeFileHandle? _file;
    private byte[] _buffer = [];
    private ReadOnlyMemory<byte> _first;

    // Read by Waiting from other threads; a moment's mismatch between them only shifts a number.
    private long _settledBytes;
    private long _settledRecords;
    private long _oldestTicks;

    /// <param name="start">Where to go on.</param>
    /// <param name="suspect">An earlier run was sending up to here and did not see the answer.</param>
    public SpoolReader(
        SpoolFolder folder, SpoolSegments segments, SpoolPosition position, SpoolPlace start, SpoolPlace suspect, TimeSpan? maxAge, Bell written,
        DestinationHealth health, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _segments = segments;
        _position = position;
        _place = start;
        _suspect = suspect;
        _settledBytes = start.Offset;
        _maxAge = maxAge;
        _written = written;
        _health = health;
        _time = time;
        _logger = logger;
        _refused = new SpoolRefused(folder.Refused);
    }

    public Waiting Waiting
    {
        get
        {
            var (requests, bytes) = _segments.Behind(Interlocked.Read(ref _settledBytes), Interlocked.Read(ref _settledRecords));
            var oldest = Interlocked.Read(ref _oldestTicks);
            return new Waiting(requests, bytes, requests == 0 || oldest == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, _time.GetUtcNow().UtcTicks - oldest)));
        }
    }

    public async ValueTask<Signal> ReadAsync(ExportBatch batch, int maxRequests, CancellationToken cancellation)
    {
        Signal signal;
        while ((signal = Fill(batch, maxRequests)) == default)
        {
            ReturnBuffer();
            await _written.WaitAsync(cancellation);
        }

        // Before it is sent: after a crash it is known what the destination may have had.
        _position.Write(_place, _place with { Offset = _ends[^1] });
        return signal;
    }

    public void Settle(int requests)
    {
        MoveTo(_ends[requests - 1], requests);
        _ends.RemoveRange(0, requests);
        _position.Write(_place, default);
    }

    public void SetAside() => _refused.Add(_first.Span);

    public void Dispose()
    {
        ReturnBuffer();
        _file?.Dispose();
    }

    /// <returns>The signal of the batch; default when nothing waits.</returns>
    private Signal Fill(ExportBatch batch, int maxRequests)
    {
        batch.Clear();
        _ends.Clear();
        while (NextSegment() is { } segment)
        {
            var wanted = ReadBuffer(segment, ExportBatch.MaxBytes);
            var (signal, needed) = Parse(segment, wanted, batch, maxRequests);
            if (needed > wanted)
            {
                (signal, _) = Parse(segment, ReadBuffer(segment, needed), batch, maxRequests);
            }

            if (batch.Count > 0)
            {
                CountSuspects(segment.Number);
                return signal;
            }
        }

        return default;
    }

    /// <summary>Takes records from the buffer into the batch, until the signal changes, it is full, or the buffer ends.</summary>
    /// <returns>How many bytes the first record needs, when that is more than there are.</returns>
    private (Signal Signal, long Needed) Parse(SpoolSegment segment, int read, ExportBatch batch, int maxRequests)
    {
        Signal signal = default;
        var start = _place.Offset;
        for (var at = 0; start + at < segment.Length;)
        {
            var header = _buffer.AsSpan(at, Math.Min(SpoolRecord.HeaderLength, read - at));
            if (header.Length < SpoolRecord.HeaderLength && read < segment.Length - start)
            {
                // The rest comes with the next read.
                return (signal, batch.Count > 0 ? 0 : at + SpoolRecord.HeaderLength);
            }

            if (!SpoolRecord.TryRead(header, segment.Length - start - at, out var record))
            {
                return (signal, Damaged(segment, batch));
            }

            if (at + record.TotalLength > read)
            {
                return (signal, batch.Count > 0 ? 0 : record.TotalLength);
            }

            var whole = _buffer.AsMemory(at, (int)record.TotalLength);
            var payload = whole[SpoolRecord.HeaderLength..];
            if (!SpoolRecord.IsWhole(header, payload.Span))
            {
                return (signal, Damaged(segment, batch));
            }

            if (batch.Count == 0 && IsTooOld(record))
            {
                _health.Lost(1, $"it waited longer than {_maxAge}");
                MoveTo(start + at + record.TotalLength, 1);
                _position.Write(_place, default);
                at += (int)record.TotalLength;
                continue;
            }

            if ((batch.Count > 0 && record.Signal != signal) || !batch.HasRoomFor(record.Signal, record.Length, maxRequests: maxRequests))
            {
                break;
            }

            if (batch.Count == 0)
            {
                signal = record.Signal;
                _first = whole;
                Interlocked.Exchange(ref _oldestTicks, record.UtcTicks);
            }

            at += (int)record.TotalLength;
            batch.Add(payload);
            _ends.Add(start + at);
        }

        return (signal, 0);
    }

    /// <summary>The oldest segment with something to read, open; null when all is read. What is read through is deleted.</summary>
    private SpoolSegment? NextSegment()
    {
        while (_segments.Oldest is { } segment)
        {
            if (segment.Number != _place.Segment)
            {
                _file?.Dispose();
                _file = null;
                _place = new SpoolPlace(segment.Number, SpoolSegment.HeaderLength);
                Interlocked.Exchange(ref _settledBytes, _place.Offset);
                Interlocked.Exchange(ref _settledRecords, 0);
            }

            if (_place.Offset < segment.Length)
            {
                _file ??= File.OpenHandle(_folder.PathOf(segment.Number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return segment;
            }

            if (!_segments.TryRemoveOldest())
            {
                return null;
            }

            _file?.Dispose();
            _file = null;
            // The position first: a file that is left over is deleted at the next start.
            _position.Write(new SpoolPlace(segment.Number + 1, 0), default);
            File.Delete(_folder.PathOf(segment.Number));
        }

        return null;
    }

    private int ReadBuffer(SpoolSegment segment, long wanted)
    {
        var length = (int)Math.Min(wanted, segment.Length - _place.Offset);
        if (_buffer.Length < length)
        {
            ReturnBuffer();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        var read = 0;
        int more;
        while (read < length && (more = RandomAccess.Read(_file!, _buffer.AsSpan(read, length - read), _place.Offset + read)) > 0)
        {
            read += more;
        }

        // Somebody cut the file: what is missing reads as damage.
        _buffer.AsSpan(read, length - read).Clear();
        return length;
    }

    /// <summary>What is before it is sent first; then the rest of the segment is passed over: without a length, no next record is known.</summary>
    private long Damaged(SpoolSegment segment, ExportBatch batch)
    {
        if (batch.Count == 0)
        {
            var bytes = segment.Length - _place.Offset;
            _health.Cut(bytes);
            Log.SpoolDamaged(_logger, _health.Name, bytes, _folder.PathOf(segment.Number), _place.Offset);
            MoveTo(segment.Length, segment.Records - Interlocked.Read(ref _settledRecords));
            _position.Write(_place, default);
        }

        return 0;
    }

    private void MoveTo(long offset, long records)
    {
        _place = _place with { Offset = offset };
        Interlocked.Exchange(ref _settledBytes, offset);
        Interlocked.Add(ref _settledRecords, records);
        Interlocked.Exchange(ref _oldestTicks, 0);
    }

    private bool IsTooOld(SpoolRecord record) => _maxAge is { } age && _time.GetUtcNow().UtcTicks - record.UtcTicks > age.Ticks;

    private void CountSuspects(long segment)
    {
        if (_suspect.Segment == segment)
        {
            _health.PossiblyTwice(_ends.Count(end => end <= _suspect.Offset));
        }

        _suspect = default;
    }

    private void ReturnBuffer()
    {
        var buffer = _buffer;
        _buffer = [];
        _first = default;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
