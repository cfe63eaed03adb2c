namespace Gantry.Gateway.Forward;

internal enum ForwardVerdict
{
    Accepted,

    /// <summary>Not now: the client is told to come again.</summary>
    Unavailable,

    /// <summary>Never: the destination says that the data is wrong.</summary>
    Refused,
}

/// <summary>What else a verdict says about what waits behind the request.</summary>
internal enum ForwardCause
{
    None,

    /// <summary>No answer at all, so it is not known whether the data arrived: what is sent again may be there twice.</summary>
    NoAnswer,

    /// <summary>HTTP 413 or RESOURCE_EXHAUSTED without a delay: a smaller request may pass.</summary>
    TooLarge,

    /// <summary>Our credentials are refused.</summary>
    Credentials,
}

/// <param name="Rejected">Items that the destination refused while it accepted the rest.</param>
/// <param name="RetryAfter">What the destination asked for, if it did.</param>
/// <param name="Reason">For the client and the log; never the destination's body, which may hold anything.</param>
internal readonly record struct ForwardResult(
    ForwardVerdict Verdict, string Reason = "", TimeSpan? RetryAfter = null, long Rejected = 0, ForwardCause Cause = ForwardCause.None)
{
    public static ForwardResult Unavailable(string reason, TimeSpan? retryAfter = null, ForwardCause cause = ForwardCause.None) =>
        new(ForwardVerdict.Unavailable, reason, retryAfter, Cause: cause);
}
