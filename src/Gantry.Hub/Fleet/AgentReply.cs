using Gantry.Hub.Fleet.Configs;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet;

/// <summary>A ServerToAgent as the hub makes it: what many agents get alike stays the bytes that it is.</summary>
internal sealed class AgentReply
{
    public required ReadOnlyMemory<byte> Uid { get; init; }

    public ServerErrorResponse? Error { get; init; }

    /// <summary>The connection ends after it.</summary>
    public bool Last { get; init; }

    /// <summary>It ends because its peer may not do what it asked for.</summary>
    public bool IsDenied { get; init; }

    public ConfigOffer? Config { get; set; }

    public byte[]? ConnectionSettings { get; set; }

    public byte[]? Packages { get; set; }

    public ServerToAgentFlags Flags { get; set; }

    public ServerCapabilities Capabilities { get; set; }

    public Guid? NewUid { get; set; }

    public bool Restart { get; set; }

    public bool TellsCustomCapabilities { get; set; }

    public CustomMessage? Custom { get; set; }

    /// <summary>Nothing but uid and capabilities: no need to send it unasked.</summary>
    public bool IsBare => this is { Error: null, Config: null, ConnectionSettings: null, Packages: null, Flags: ServerToAgentFlags.None, NewUid: null, Restart: false, Custom: null };

    public static AgentReply BadRequest(ReadOnlyMemory<byte> uid, string why, bool last = false) =>
        new() { Uid = uid, Last = last, Error = new ServerErrorResponse { Type = ServerErrorType.BadRequest, Message = why } };

    public static AgentReply Denied(ReadOnlyMemory<byte> uid, string why) =>
        new() { Uid = uid, Last = true, IsDenied = true, Error = new ServerErrorResponse { Type = ServerErrorType.BadRequest, Message = why } };

    public static AgentReply Unavailable(ReadOnlyMemory<byte> uid, string why, TimeSpan retryAfter) => new()
    {
        Uid = uid,
        Last = true,
        Error = new ServerErrorResponse
        {
            Type = ServerErrorType.Unavailable,
            Message = why,
            Retry = new RetryInfo { AfterNanoseconds = (ulong)retryAfter.TotalSeconds * 1_000_000_000 },
        },
    };

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, Uid.Span);
        if (Error is not null)
        {
            writer.Message(2, Error);
            return;
        }

        if (Restart)
        {
            // A command travels alone (specification, "ServerToAgent.command").
            writer.Varint(7, (ulong)Capabilities);
            writer.Message(9, new ServerToAgentCommand { Type = CommandType.Restart });
            return;
        }

        writer.Bytes(3, Config is null ? default : Config.Wire);
        writer.Bytes(4, ConnectionSettings);
        writer.Bytes(5, Packages);
        writer.Varint(6, (ulong)Flags);
        writer.Varint(7, (ulong)Capabilities);
        if (NewUid is { } uid)
        {
            writer.Message(8, new AgentIdentification { NewInstanceUid = uid.ToByteArray(bigEndian: true) });
        }

        if (TellsCustomCapabilities)
        {
            writer.Message(10, FleetStore.Custom);
        }

        writer.Message(11, Custom);
    }
}
