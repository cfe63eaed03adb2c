namespace Gantry.Protocol.FleetManagement;

/// <summary>Outcomes of a call that failed (https://connectrpc.com/docs/protocol/#error-codes); the numbers are gRPC's.</summary>
public enum ConnectCode
{
    Canceled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

public static class ConnectCodes
{
    private static readonly (ConnectCode Code, string Name, int Status)[] All =
    [
        (ConnectCode.Canceled, "canceled", 499),
        (ConnectCode.Unknown, "unknown", 500),
        (ConnectCode.InvalidArgument, "invalid_argument", 400),
        (ConnectCode.DeadlineExceeded, "deadline_exceeded", 504),
        (ConnectCode.NotFound, "not_found", 404),
        (ConnectCode.AlreadyExists, "already_exists", 409),
        (ConnectCode.PermissionDenied, "permission_denied", 403),
        (ConnectCode.ResourceExhausted, "resource_exhausted", 429),
        (ConnectCode.FailedPrecondition, "failed_precondition", 400),
        (ConnectCode.Aborted, "aborted", 409),
        (ConnectCode.OutOfRange, "out_of_range", 400),
        (ConnectCode.Unimplemented, "unimplemented", 501),
        (ConnectCode.Internal, "internal", 500),
        (ConnectCode.Unavailable, "unavailable", 503),
        (ConnectCode.DataLoss, "data_loss", 500),
        (ConnectCode.Unauthenticated, "unauthenticated", 401),
    ];

    /// <summary>As the protocol spells it: "not_found".</summary>
    public static string Name(this ConnectCode code) => All[(int)code - 1].Name;

    /// <summary>HTTP status that goes with it.</summary>
    public static int HttpStatus(this ConnectCode code) => All[(int)code - 1].Status;

    /// <summary>Null when no code is called that.</summary>
    public static ConnectCode? Find(ReadOnlySpan<char> name)
    {
        foreach (var (code, known, _) in All)
        {
            if (name.SequenceEqual(known))
            {
                return code;
            }
        }

        return null;
    }
}
