namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>What a kind of event is, said once in a stream.</summary>
/// <param name="Provider">The EventSource's name.</param>
/// <param name="Id">Its number within the provider.</param>
internal sealed record EventType(string Provider, int Id, string Name);

/// <summary>Takes the events of a stream, in its order. May throw <see cref="AttachException"/> to end the stream.</summary>
internal interface IEventSink
{
    /// <param name="ticks">When it was written, in ticks of the stream's clock.</param>
    /// <param name="payload">Valid during the call. Written by an untrusted process.</param>
    void Take(EventType type, long ticks, ReadOnlySpan<byte> payload);
}
