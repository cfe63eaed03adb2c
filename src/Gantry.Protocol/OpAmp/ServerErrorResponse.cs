using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>ServerErrorResponse: type = 1, error_message = 2, retry_info = 3.</summary>
public sealed class ServerErrorResponse : IWireMessage
{
    public ServerErrorType Type { get; set; }

    public string Message { get; set; } = "";

    /// <summary>Only with <see cref="ServerErrorType.Unavailable"/>.</summary>
    public RetryInfo? Retry { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Int(1, (int)Type);
        writer.String(2, Message);
        writer.Message(3, Retry);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Type = (ServerErrorType)reader.ReadInt32();
                return true;
            case (2, WireType.LengthDelimited):
                Message = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Retry = reader.ReadInto(Retry ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>RetryInfo: retry_after_nanoseconds = 1.</summary>
public sealed class RetryInfo : IWireMessage
{
    public ulong AfterNanoseconds { get; set; }

    public void WriteTo(ProtoWriter writer) => writer.Varint(1, AfterNanoseconds);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.Varint))
        {
            return false;
        }

        AfterNanoseconds = reader.ReadVarint();
        return true;
    }
}
