using System.Text.Json;
using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Why a call failed, as unary Connect says it: <c>{"code": "not_found", "message": "…"}</c> as application/json beside the status of its code.</summary>
public sealed record ConnectError(ConnectCode Code, string Message) : IJsonMessage
{
    public ConnectError()
        : this(ConnectCode.Unknown, "")
    {
    }

    public ConnectCode Code { get; private set; } = Code;

    public string Message { get; private set; } = Message;

    public void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("code", Code.Name());
        writer.WriteString("message", Message);
        writer.WriteEndObject();
    }

    public void ReadJson(JsonElement value, JsonReading reading)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.String
            || ConnectCodes.Find(code.GetString()) is not { } known)
        {
            reading.Fail("an object with a code", value);
            return;
        }

        Code = known;
        Message = value.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? message.GetString()! : "";
    }
}
