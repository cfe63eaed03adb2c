using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Ipc;

/// <summary>A source of events to switch on.</summary>
/// <param name="Keywords">Bit set of the source's groups.</param>
/// <param name="Level">4: informational.</param>
/// <param name="Arguments">"key=value;key=value", a value in quotes when it holds ';' or '='.</param>
/// <param name="Events">Ids of the events that may be written, where the runtime can tell (10 and later); empty: all.</param>
internal sealed record TracingProvider(string Name, ulong Keywords, uint Level, string Arguments, params uint[] Events);

/// <summary>
/// The commands that open an EventPipe session, CollectTracing2 to 5, newest first. Each newer one lets more be left out: rundown (the
/// names of all methods, megabytes), stacks (most of an event's cost), single events. The first that the runtime knows is taken.
/// </summary>
internal sealed record TracingRequest(uint BufferMegabytes, IReadOnlyList<TracingProvider> Providers)
{
    /// <summary>CollectTracing2: .NET 5 and later, so every runtime that can be attached to.</summary>
    public const byte Oldest = 0x03;

    /// <summary>CollectTracing5: .NET 10.</summary>
    public const byte Newest = 0x06;

    private const uint Nettrace = 1;

    /// <param name="command">From <see cref="Oldest"/> to <see cref="Newest"/>.</param>
    public ReadOnlyMemory<byte> Encode(byte command)
    {
        using var writer = new ProtoWriter(2048);
        IpcMessage.Begin(writer, IpcMessage.EventPipe, command);
        if (command == Newest)
        {
            // The stream goes over this connection, not into the kernel's user_events.
            writer.RawFixed32(0);
        }

        writer.RawFixed32(BufferMegabytes);
        writer.RawFixed32(Nettrace);
        WriteRundownAndStacks(writer, command);
        writer.RawFixed32((uint)Providers.Count);
        foreach (var provider in Providers)
        {
            writer.RawFixed64(provider.Keywords);
            writer.RawFixed32(provider.Level);
            IpcMessage.Text(writer, provider.Name);
            IpcMessage.Text(writer, provider.Arguments);
            if (command == Newest)
            {
                WriteFilter(writer, provider.Events);
            }
        }

        return IpcMessage.End(writer);
    }

    private static void WriteRundownAndStacks(ProtoWriter writer, byte command)
    {
        switch (command)
        {
            case 0x03:
                writer.Raw([0]);
                break;
            case 0x04:
                writer.Raw([0, 0]);
                break;
            default:
                // From the fourth on rundown is a set of keywords: none.
                writer.RawFixed64(0);
                writer.Raw([0]);
                break;
        }
    }

    /// <summary>enable u8, then the ids: only these when enable is 1, all but these when it is 0.</summary>
    private static void WriteFilter(ProtoWriter writer, uint[] events)
    {
        writer.Raw([events.Length > 0 ? (byte)1 : (byte)0]);
        writer.RawFixed32((uint)events.Length);
        foreach (var id in events)
        {
            writer.RawFixed32(id);
        }
    }
}
