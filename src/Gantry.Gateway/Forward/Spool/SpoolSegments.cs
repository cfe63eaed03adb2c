namespace Gantry.Gateway.Forward.Spool;

/// <summary>A file of records: 16 bytes ("GANTRYS1", its number), then records. Bytes up to <paramref name="Length"/> are durable, and only they count.</summary>
/// <param name="Records">In it, from where reading began in this run.</param>
internal sealed record SpoolSegment(long Number, long Length, long Records)
{
    public const int HeaderLength = 16;

    /// <summary>"GANTRYS1", little-endian.</summary>
    public const ulong Magic = 0x31535952544E4147;
}

/// <summary>
/// What writer and reader share: which segments there are, and how far each is durable. The writer adds at the end, the reader takes off the front.
/// </summary>
internal sealed class SpoolSegments
{
    private readonly Lock _gate = new();
    private readonly LinkedList<SpoolSegment> _segments = new();
    private bool _open;

    /// <summary>On disk.</summary>
    public long TotalBytes { get; private set; }

    /// <param name="open">The writer adds to it; until <see cref="Seal"/> or the next one, it stays.</param>
    public void Add(SpoolSegment segment, bool open)
    {
        lock (_gate)
        {
            _open = open;
            _segments.AddLast(segment);
            TotalBytes += segment.Length;
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _segments.Count;
            }
        }
    }

    /// <summary>So much more of the newest is durable.</summary>
    public void Grow(long bytes, int records)
    {
        lock (_gate)
        {
            var last = _segments.Last!;
            last.Value = last.Value with { Length = last.Value.Length + bytes, Records = last.Value.Records + records };
            TotalBytes += bytes;
        }
    }

    public SpoolSegment? Oldest
    {
        get
        {
            lock (_gate)
            {
                return _segments.First?.Value;
            }
        }
    }

    /// <summary>Nothing is added to the newest any more: once it is read, it can go. On a full disk that may be the only room there is.</summary>
    public void Seal()
    {
        lock (_gate)
        {
            _open = false;
        }
    }

    /// <summary>Takes the oldest off, unless the writer adds to it.</summary>
    public bool TryRemoveOldest()
    {
        lock (_gate)
        {
            if (_segments.Count == 0 || (_segments.Count == 1 && _open))
            {
                return false;
            }

            TotalBytes -= _segments.First!.Value.Length;
            _segments.RemoveFirst();
            return true;
        }
    }

    /// <summary>Takes back a segment in which nothing became durable.</summary>
    public void RemoveNewest()
    {
        lock (_gate)
        {
            TotalBytes -= _segments.Last!.Value.Length;
            _segments.RemoveLast();
        }
    }

    /// <param name="settledBytes">Of the oldest, header included.</param>
    /// <param name="settledRecords">Of the oldest.</param>
    public (long Requests, long Bytes) Behind(long settledBytes, long settledRecords)
    {
        lock (_gate)
        {
            var bytes = TotalBytes - settledBytes - (Math.Max(0, _segments.Count - 1) * (long)SpoolSegment.HeaderLength);
            return (Math.Max(0, _segments.Sum(segment => segment.Records) - settledRecords), Math.Max(0, bytes));
        }
    }
}
