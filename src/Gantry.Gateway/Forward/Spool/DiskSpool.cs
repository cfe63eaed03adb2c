using Gantry.Gateway.Forward.Routes;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// What waits for one destination, on disk: at least once and in order. Appended by a writer that flushes before it answers, read by one reader.
/// </summary>
/// <remarks>
/// <code>
/// clients ──► SpoolWriter ──► 0000000000000007.seg ──► SpoolReader ──► Pump ──► destination
///                 ▲ answer after fsync                      └── position: how far it is delivered
/// </code>
/// </remarks>
internal sealed class DiskSpool : IDisposable
{
    private readonly SpoolFolder _folder;
    private readonly SpoolPosition _position;
    private readonly SpoolReader _reader;
    private readonly SpoolWriter _writer;
    private readonly Bell _written;

    private DiskSpool(SpoolFolder folder, SpoolPosition position, SpoolReader reader, SpoolWriter writer, Bell written)
    {
        _folder = folder;
        _position = position;
        _reader = reader;
        _writer = writer;
        _written = written;
    }

    public IBacklog Backlog => _reader;

    public Waiting Waiting => _reader.Waiting;

    /// <exception cref="SpoolException">It cannot be written, or another process holds it.</exception>
    public static DiskSpool Open(SpoolOptions options, DestinationHealth health, TimeProvider time, ILogger logger)
    {
        var folder = SpoolFolder.Hold(options.Folder);
        SpoolPosition? position = null;
        try
        {
            position = new SpoolPosition(folder.Position, logger, health.Name);
            var (delivered, underWay) = position.Read();
            var (segments, start, next) = SpoolRecovery.Run(folder, delivered, health, logger);
            var written = new Bell();
            var reader = new SpoolReader(folder, segments, position, start, underWay, options.MaxAge, written, health, time, logger);
            if (reader.Waiting.Bytes is > 0 and var bytes)
            {
                Log.SpoolResumed(logger, health.Name, bytes);
            }

            return new DiskSpool(folder, position, reader, new SpoolWriter(folder, segments, options.MaxBytes, next, written, health, time, logger), written);
        }
        catch (Exception exception)
        {
            position?.Dispose();
            folder.Dispose();
            throw exception is IOException or UnauthorizedAccessException
                ? new SpoolException($"spool folder {folder.Root} cannot be opened ({exception.Message}); repair it, or choose another with spool-folder=DIR", exception)
                : exception;
        }
    }

    /// <summary>The request's bytes are borrowed until the task ends.</summary>
    public ValueTask<ForwardResult> AppendAsync(Signal signal, Outgoing request) => _writer.AppendAsync(signal, request);

    /// <summary>After the pump has ended.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
        _written.Dispose();
        _position.Dispose();
        _folder.Dispose();
    }
}
