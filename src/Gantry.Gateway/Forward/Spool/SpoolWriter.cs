using System.Buffers;
using Gantry.Gateway.Forward.Routes;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// Appends requests and flushes them to disk, many with one flush: what comes while the disk is busy goes with the next one. A request is answered when
/// it is durable, or when it is certain not to be kept. Has a thread of its own, because a flush blocks.
/// </summary>
internal sealed class SpoolWriter : IDisposable
{
    private const int MaxGroup = 512;
    private const long MaxGroupBytes = 16 * 1024 * 1024;
    private const long LeastSegmentBytes = 32 * 1024;
    private const long MostSegmentBytes = 64 * 1024 * 1024;

    /// <summary>What a client is told to wait at least: room comes with what is delivered, or with what an operator removes.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly SpoolFolder _folder;
    private readonly SpoolSegments _segments;
    private readonly long _maxBytes;
    private readonly long _segmentBytes;
    private readonly Bell _written;
    private readonly DestinationHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Queue<PendingSend> _queue = new();
    private readonly List<PendingSend> _group = new(MaxGroup);
    private readonly List<ReadOnlyMemory<byte>> _parts = new(2 * MaxGroup);
    private readonly Thread _thread;
    private bool _stopped;
    private SafeFileHandle? _file;
    private long _length;
    private long _nextNumber;

    /// <param name="nextNumber">Larger than any that ever was in this folder: the reader's position must never lie ahead of new data.</param>
    /// <param name="written">Rung after each flush.</param>
    public SpoolWriter(SpoolFolder folder, SpoolSegments segments, long maxBytes, long nextNumber, Bell written, DestinationHealth health, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _segments = segments;
        _maxBytes = maxBytes;
        _segmentBytes = Math.Clamp(maxBytes / 8, LeastSegmentBytes, MostSegmentBytes);
        _nextNumber = nextNumber;
        _written = written;
        _health = health;
        _time = time;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = $"spool {health.Name}" };
        _thread.Start();
    }

    /// <summary>The bytes are borrowed until the task ends. Accepted means durable.</summary>
    public ValueTask<ForwardResult> AppendAsync(Signal signal, Outgoing request)
    {
        var pending = PendingSend.Rent(signal, request, 0, CancellationToken.None);
        lock (_gate)
        {
            if (_stopped)
            {
                pending.Complete(ForwardResult.Unavailable("the gateway is stopping", RetryDelay));
            }
            else
            {
                _queue.Enqueue(pending);
                Monitor.Pulse(_gate);
            }
        }

        return pending.Task;
    }

    /// <summary>Writes what waits, then ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _file?.Dispose();
    }

    private void Run()
    {
        while (TakeGroup())
        {
            var result = new ForwardResult(ForwardVerdict.Accepted);
            try
            {
                RefuseWhatDoesNotFit();
                if (_group.Count == 0)
                {
                    continue;
                }

                Write();
            }
            // The third is how .NET says EFBIG: a limit on the size of files.
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
            {
                result = Failed($"its spool cannot be written ({exception.Message})");
            }
            catch (Exception exception)
            {
                Log.SpoolWriterFailed(_logger, _health.Name, exception);
                result = Failed("its spool cannot be written");
            }

            foreach (var pending in _group)
            {
                pending.Complete(result);
            }
        }
    }

    private bool TakeGroup()
    {
        _group.Clear();
        long bytes = 0;
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_stopped)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            while (_group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.TryDequeue(out var pending))
            {
                bytes += pending.Body.Length;
                _group.Add(pending);
            }
        }

        return true;
    }

    private void RefuseWhatDoesNotFit()
    {
        // A new segment's header may come on top.
        var room = _maxBytes - _segments.TotalBytes - SpoolSegment.HeaderLength;
        var kept = 0;
        for (var i = 0; i < _group.Count; i++)
        {
            var pending = _group[i];
            var size = SpoolRecord.HeaderLength + (long)pending.Body.Length;
            if (size <= room)
            {
                room -= size;
                _group[kept++] = pending;
            }
            else if (size > _maxBytes - SpoolSegment.HeaderLength)
            {
                pending.Complete(new ForwardResult(ForwardVerdict.Refused, $"a request of {pending.Body.Length} bytes is larger than the whole spool; send smaller batches"));
            }
            else
            {
                // Nothing else would end the open segment while nothing fits, and what is delivered of it would take the room for ever.
                if (_segments.Count == 1)
                {
                    EndSegment();
                }

                var reason = $"its spool is full ({_maxBytes} bytes)";
                _health.SpoolRefuses(reason);
                pending.Complete(ForwardResult.Unavailable(reason, RetryDelay));
            }
        }

        _group.RemoveRange(kept, _group.Count - kept);
    }

    private void Write()
    {
        var headers = ArrayPool<byte>.Shared.Rent(_group.Count * SpoolRecord.HeaderLength);
        _parts.Clear();
        try
        {
            var now = _time.GetUtcNow().UtcTicks;
            long bytes = 0;
            for (var i = 0; i < _group.Count; i++)
            {
                var header = headers.AsMemory(i * SpoolRecord.HeaderLength, SpoolRecord.HeaderLength);
                SpoolRecord.WriteHeader(header.Span, _group[i].Signal, now, _group[i].Body.Span);
                _parts.Add(header);
                _parts.Add(_group[i].Body);
                bytes += header.Length + _group[i].Body.Length;
            }

            // 1. a file  2. the bytes  3. to the disk  4. tell the reader
            if (_file is null || (_length > SpoolSegment.HeaderLength && _length + bytes > _segmentBytes))
            {
                BeginSegment();
            }

            RandomAccess.Write(_file!, _parts, _length);
            RandomAccess.FlushToDisk(_file!);
            _length += bytes;
            _segments.Grow(bytes, _group.Count);
            _health.SpoolTakes();
            _written.Ring();
        }
        finally
        {
            _parts.Clear();
            ArrayPool<byte>.Shared.Return(headers);
        }
    }

    /// <summary>Lets it go once it is delivered, whether or not another can be begun: on a full disk it may be what room there is.</summary>
    private void EndSegment()
    {
        if (_file is not null)
        {
            _file.Dispose();
            _file = null;
            _segments.Seal();
            _written.Ring();
        }
    }

    private void BeginSegment()
    {
        EndSegment();
        var number = _nextNumber++;
        var path = _folder.PathOf(number);
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        try
        {
            Span<byte> header = stackalloc byte[SpoolSegment.HeaderLength];
            SegmentFile.WriteHeader(header, number);
            RandomAccess.Write(file, header, 0);
            _folder.Flush();
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }

        _segments.Add(new SpoolSegment(number, SpoolSegment.HeaderLength, 0), open: true);
        (_file, _length) = (file, SpoolSegment.HeaderLength);
    }

    /// <summary>
    /// What is behind the durable part is cut off. The segment is not written again: after a flush that failed, the system may hold pages for clean that
    /// never reached the disk.
    /// </summary>
    private ForwardResult Failed(string reason)
    {
        var (file, length) = (_file, _length);
        _file = null;
        if (file is not null)
        {
            try
            {
                RandomAccess.SetLength(file, length);
                if (length == SpoolSegment.HeaderLength)
                {
                    // Or a full disk would collect an empty file with each attempt.
                    _segments.RemoveNewest();
                    File.Delete(_folder.PathOf(_nextNumber - 1));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Then the next start finds it, as after a crash: records that nobody was told were safe.
            }

            file.Dispose();
            _segments.Seal();
            _written.Ring();
        }

        _health.SpoolRefuses(reason);
        return ForwardResult.Unavailable(reason, RetryDelay);
    }
}
