namespace Gantry.Agent.Instrument.Attach;

/// <summary>A session could not be opened, or ended before it was asked to. It costs the session, never the agent.</summary>
/// <param name="reason">One of <see cref="Protocol.Inventory.InstrumentationReasons"/>.</param>
/// <param name="message">For a person, with what would change it. Holds nothing that the peer sent but numbers.</param>
internal sealed class AttachException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
