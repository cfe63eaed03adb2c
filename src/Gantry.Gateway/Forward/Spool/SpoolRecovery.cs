using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// Finds out what an earlier run left. Only the newest segment can end in half a record, as only it was being written: it is read whole, and what
/// is no whole record at its end is cut off. Damage anywhere else is met when it is read.
/// </summary>
internal static class SpoolRecovery
{
    public static (SpoolSegments Segments, SpoolPlace Start, long NextNumber) Run(SpoolFolder folder, SpoolPlace delivered, DestinationHealth health, ILogger logger)
    {
        var segments = new SpoolSegments();
        var numbers = folder.Segments();
        foreach (var number in numbers.Where(number => number < delivered.Segment))
        {
            File.Delete(folder.PathOf(number));
        }

        numbers.RemoveAll(number => number < delivered.Segment);
        var start = default(SpoolPlace);
        foreach (var number in numbers)
        {
            var from = number == delivered.Segment ? Math.Max(delivered.Offset, SpoolSegment.HeaderLength) : SpoolSegment.HeaderLength;
            var segment = Look(folder, number, from, isNewest: number == numbers[^1], health, logger);
            if (segment is not null)
            {
                start = segments.Oldest is null ? new SpoolPlace(number, Math.Min(from, segment.Length)) : start;
                segments.Add(segment, open: false);
            }
        }

        return (segments, start, Math.Max(delivered.Segment, numbers.Count > 0 ? numbers[^1] : 0) + 1);
    }

    /// <returns>Null when there is nothing in it.</returns>
    private static SpoolSegment? Look(SpoolFolder folder, long number, long from, bool isNewest, DestinationHealth health, ILogger logger)
    {
        var path = folder.PathOf(number);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (!SegmentFile.HasHeader(file, number))
        {
            // Newest: it was just being made. Another: its records cannot be trusted to be this spool's.
            Report(Math.Max(0, length), 0);
            File.Delete(path);
            return null;
        }

        var (end, records) = SegmentFile.Walk(file, Math.Min(from, length), length, verify: isNewest);
        if (isNewest && end < length)
        {
            Report(length - end, end);
            RandomAccess.SetLength(file, end);
            length = end;
        }

        if (records > 0 || (!isNewest && from < length))
        {
            return new SpoolSegment(number, length, records);
        }

        File.Delete(path);
        return null;

        void Report(long bytes, long offset)
        {
            health.Cut(bytes);
            if (isNewest)
            {
                Log.SpoolTailCut(logger, health.Name, bytes, path);
            }
            else
            {
                Log.SpoolDamaged(logger, health.Name, bytes, path, offset);
            }
        }
    }
}
