namespace Gantry.Protocol.Wire;

/// <summary>
/// A protobuf message that is held as an object: inventories, agent messages, observations; never telemetry. The type knows its fields,
/// <see cref="WireMessage"/> knows the loop around them.
/// </summary>
public interface IWireMessage
{
    void WriteTo(ProtoWriter writer);

    /// <summary>Takes the field that <paramref name="reader"/> stands on.</summary>
    /// <returns>False, with nothing read, when the field is unknown or came with another wire type: it is skipped.</returns>
    bool ReadField(ref ProtoReader reader);
}

public static class WireMessage
{
    /// <returns>Null when the bytes are not such a message; <paramref name="error"/> says why.</returns>
    public static T? TryRead<T>(ReadOnlySpan<byte> data, out WireError error)
        where T : class, IWireMessage, new()
    {
        var reader = new ProtoReader(data);
        var message = new T();
        message.ReadAll(ref reader);
        error = reader.Error;
        return error == WireError.None ? message : null;
    }

    public static byte[] ToArray<T>(this T message)
        where T : IWireMessage
    {
        using var writer = new ProtoWriter();
        message.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Reads the current field as a nested message into <paramref name="message"/>; a second occurrence merges, as protobuf has it.</summary>
    public static T ReadInto<T>(this ref ProtoReader outer, T message)
        where T : IWireMessage
    {
        var reader = outer.ReadNested();
        message.ReadAll(ref reader);
        outer.FailFrom(reader.Error);
        return message;
    }

    private static void ReadAll<T>(this T message, ref ProtoReader reader)
        where T : IWireMessage
    {
        while (reader.Next())
        {
            if (!message.ReadField(ref reader))
            {
                reader.Skip();
            }
        }
    }
}
