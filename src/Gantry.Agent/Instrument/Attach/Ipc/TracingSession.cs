using System.Buffers.Binary;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Ipc;

/// <summary>An open EventPipe session: the connection on which its events come, and how to end it.</summary>
internal sealed class TracingSession : IDisposable
{
    private const byte StopTracing = 0x01;

    private readonly string _path;
    private readonly int _pid;
    private readonly ulong _id;
    private readonly TimeProvider _time;

    private TracingSession(string path, int pid, ulong id, IpcConnection stream, TimeProvider time)
    {
        _path = path;
        _pid = pid;
        _id = id;
        Stream = stream;
        _time = time;
    }

    public IpcConnection Stream { get; }

    /// <summary>Tries the newest command first; a runtime that does not know it says so, and hangs up.</summary>
    public static async Task<TracingSession> OpenAsync(string path, int pid, TracingRequest request, TimeProvider time, CancellationToken cancellation)
    {
        for (var command = TracingRequest.Newest; command >= TracingRequest.Oldest; command--)
        {
            var stream = await IpcConnection.OpenAsync(path, pid, time, cancellation);
            try
            {
                if (await stream.AskAsync(request.Encode(command), time, cancellation) is { Length: >= 8 } answer)
                {
                    return new TracingSession(path, pid, BinaryPrimitives.ReadUInt64LittleEndian(answer), stream, time);
                }
            }
            catch
            {
                stream.Dispose();
                throw;
            }

            stream.Dispose();
        }

        throw new AttachException(InstrumentationReasons.Failed, "the runtime refused to open an event session; it has 64 at most, and other tools may hold them");
    }

    /// <summary>Asks the runtime to end it. The stream must be read on until its end, as the runtime writes what it still has before it answers.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var connection = await IpcConnection.OpenAsync(_path, _pid, _time, cancellation);
        using var writer = new ProtoWriter(64);
        IpcMessage.Begin(writer, IpcMessage.EventPipe, StopTracing);
        writer.RawFixed64(_id);
        await connection.AskAsync(IpcMessage.End(writer), _time, cancellation);
    }

    public void Dispose() => Stream.Dispose();
}
