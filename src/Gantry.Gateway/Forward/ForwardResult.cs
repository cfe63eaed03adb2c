namespace Gantry.Gateway.Forward;

internal enum ForwardVerdict
{
    Accepted,

    /// <summary>Not now: the client is told to come again.</summary>
    Unavailable,

    /// <summary>Never: the destination says that the data is wrong.</summary>
    Refused,
}

/// <param name="Rejected">Items that the destination refused while it accepted the rest.</param>
/// <param name="RetryAfter">What the destination asked for, if it did.</param>
/// <param name="Reason">For the client and the log; never the destination's body, which may hold anything.</param>
internal readonly record struct ForwardResult(ForwardVerdict Verdict, string Reason = "", TimeSpan? RetryAfter = null, long Rejected = 0);
