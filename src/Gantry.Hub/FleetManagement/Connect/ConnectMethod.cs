using Gantry.Hub.FleetManagement.Callers;
using Gantry.Protocol.FleetManagement;
using Gantry.Protocol.FleetManagement.Fields;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>A unary method: "collector.v1.CollectorService/GetConfig".</summary>
/// <param name="need">What its caller must be allowed.</param>
internal abstract class ConnectMethod(string path, CallerNeed need)
{
    public string Path { get; } = path;

    public CallerNeed Need { get; } = need;

    /// <summary>Idempotency NO_SIDE_EFFECTS in the contract: it may also be called by GET.</summary>
    public bool HasNoSideEffects { get; init; }

    /// <returns>The answer in bytes, or the error.</returns>
    public abstract (ReadOnlyMemory<byte> Body, ConnectError? Error) Call(Codec codec, ReadOnlyMemory<byte> body, Caller caller);
}

internal sealed class ConnectMethod<TRequest, TResponse>(string path, CallerNeed need, Func<TRequest, Caller, Outcome<TResponse>> handle) : ConnectMethod(path, need)
    where TRequest : class, IWireMessage, IJsonMessage, new()
    where TResponse : class, IWireMessage, IJsonMessage
{
    public override (ReadOnlyMemory<byte> Body, ConnectError? Error) Call(Codec codec, ReadOnlyMemory<byte> body, Caller caller)
    {
        var request = codec.Read<TRequest>(body);
        if (request.Value is null)
        {
            return (default, request.Error);
        }

        var response = handle(request.Value, caller);
        return response.Value is { } message ? (codec.Write(message), null) : (default, response.Error);
    }
}
