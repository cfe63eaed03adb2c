namespace Gantry.Hub.Fleet.Transport;

/// <summary>Close codes of RFC 6455, section 7.4.1, and of its registry.</summary>
internal enum CloseCode
{
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    NotBinary = 1003,
    PolicyViolation = 1008,
    TooBig = 1009,
    TryAgainLater = 1013,
}
