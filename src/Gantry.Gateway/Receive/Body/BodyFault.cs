namespace Gantry.Gateway.Receive.Body;

/// <summary>Why a body could not be taken.</summary>
internal enum BodyFault
{
    None,

    /// <summary>Above the limit, as sent or inflated.</summary>
    TooLarge,

    /// <summary>Not what the header says it is compressed with, or cut off.</summary>
    BadCompression,

    /// <summary>The peer broke off, or did not speak HTTP: its mistake, not ours.</summary>
    BadRequest,

    /// <summary>The peer sends slower than a telemetry client that lives.</summary>
    TooSlow,

    /// <summary>No room for it within the time that a request may wait; all of it or a rest is unread.</summary>
    Overloaded,

    /// <summary>The peer is gone; there is nobody to answer.</summary>
    Gone,
}
