namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// Records that the destination refused for good, for a person to look at: the client was told that they are safe, so they are not thrown away
/// unseen. As in a segment, without its header; bounded, then only counted.
/// </summary>
internal sealed class SpoolRefused(string path)
{
    public const long MaxBytes = 16 * 1024 * 1024;

    public void Add(ReadOnlySpan<byte> record)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            if (file.Length + record.Length <= MaxBytes)
            {
                file.Write(record);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is full, say. It is counted and logged in any case, and the data behind it must go on.
        }
    }
}
