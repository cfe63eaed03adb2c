using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Instrument.Attach.Nettrace;

namespace Gantry.Agent.Instrument.Attach;

/// <summary>Reads one event session to its end.</summary>
/// <param name="gate">Held while events are worked on.</param>
/// <param name="after">Called under it, behind each piece of the stream.</param>
internal sealed class StreamPump(TracingSession session, IEventSink sink, Lock gate, Action after, TimeProvider time) : IDisposable
{
    /// <summary>A process that writes more than this in a second is read no faster: its runtime drops what it has no room for, and the agent stays small.</summary>
    private const int MostBytesPerSecond = 64 * 1024 * 1024;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly NettraceReader _reader = new(sink);
    private ulong _dropped;

    public TracingSession Session { get; } = session;

    public ulong Dropped => Volatile.Read(ref _dropped);

    public StreamClock Clock => _reader.Clock;

    /// <summary>Ends with the stream. Asking to stop does not end it: the runtime still writes what it has.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var second = time.GetTimestamp();
        long bytes = 0;
        int read;
        while (!_reader.IsOver && (read = await Session.Stream.ReadAsync(_reader.Space(), CancellationToken.None)) > 0)
        {
            lock (gate)
            {
                _reader.Advance(read);
                after();
            }

            Volatile.Write(ref _dropped, _reader.Dropped);
            bytes += read;
            var elapsed = time.GetElapsedTime(second);
            if (bytes > MostBytesPerSecond && elapsed < Second)
            {
                await Task.Delay(Second - elapsed, time, stop);
            }

            if (elapsed >= Second || bytes > MostBytesPerSecond)
            {
                (second, bytes) = (time.GetTimestamp(), 0);
            }
        }
    }

    public void Dispose() => Session.Dispose();
}
