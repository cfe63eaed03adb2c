using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>What a call came to: a message, or why there is none.</summary>
internal readonly record struct Outcome<T>
    where T : class
{
    private Outcome(T? value, ConnectError? error) => (Value, Error) = (value, error);

    public T? Value { get; }

    public ConnectError? Error { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(ConnectError error) => new(null, error);
}

/// <summary>Errors in few words.</summary>
internal static class Errors
{
    public static ConnectError Invalid(string message) => new(ConnectCode.InvalidArgument, message);

    public static ConnectError NotFound(string message) => new(ConnectCode.NotFound, message);

    public static ConnectError Exists(string message) => new(ConnectCode.AlreadyExists, message);
}
