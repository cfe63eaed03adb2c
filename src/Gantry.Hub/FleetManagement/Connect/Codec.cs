using System.Buffers;
using Gantry.Protocol.FleetManagement;
using Gantry.Protocol.FleetManagement.Fields;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>How a call is written: in its name in GET requests, and in the content type of everything else.</summary>
internal enum Codec
{
    Proto,
    Json,
}

internal static class Codecs
{
    /// <summary>What a request may be, for the answer to one that is something else.</summary>
    public const string Accepted = "application/json, application/proto";

    /// <summary>The answer has exactly this type, or clients refuse it.</summary>
    public static string ContentType(this Codec codec) => codec == Codec.Proto ? "application/proto" : "application/json";

    public static Codec? OfContentType(string? type)
    {
        var semicolon = type?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        var (media, parameters) = semicolon < 0 ? (type, "") : (type![..semicolon], type[(semicolon + 1)..]);
        Codec? codec = media?.Trim() switch
        {
            { } name when name.Equals("application/proto", StringComparison.OrdinalIgnoreCase) => Codec.Proto,
            { } name when name.Equals("application/json", StringComparison.OrdinalIgnoreCase) => Codec.Json,
            _ => null,
        };
        return parameters.Trim().Trim('"') is "" || parameters.Replace("\"", "", StringComparison.Ordinal).Trim().Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase) ? codec : null;
    }

    /// <summary>As GET requests name it.</summary>
    public static Codec? OfName(string name) => name switch
    {
        "proto" => Codec.Proto,
        "json" => Codec.Json,
        _ => null,
    };

    public static Outcome<T> Read<T>(this Codec codec, ReadOnlyMemory<byte> body)
        where T : class, IWireMessage, IJsonMessage, new()
    {
        if (codec == Codec.Proto)
        {
            return WireMessage.TryRead<T>(body.Span, out var error) is { } message ? message : Errors.Invalid($"the body is not a {typeof(T).Name} in protobuf ({error})");
        }

        return ProtoJson.TryRead<T>(body, out var problem) is { } read ? read : Errors.Invalid(problem);
    }

    public static ReadOnlyMemory<byte> Write<T>(this Codec codec, T message)
        where T : class, IWireMessage, IJsonMessage
    {
        if (codec == Codec.Proto)
        {
            return message.ToArray();
        }

        var target = new ArrayBufferWriter<byte>();
        ProtoJson.Write(message, target);
        return target.WrittenMemory;
    }
}
