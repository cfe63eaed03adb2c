namespace Gantry.Protocol.Otlp;

/// <summary>
/// Takes what a scan of an OTLP request finds, in order. Bytes are borrowed: they are valid until the scan ends. Implement it as a struct, so
/// that the calls inline.
/// </summary>
public interface IEnvelopeSink
{
    /// <summary>A new resource; scopes and items up to its end are its own. <paramref name="resource"/> is a valid Resource message.</summary>
    /// <param name="head">The block's fields that stand before its first scope, as they came.</param>
    /// <returns>False ends the scan as malformed.</returns>
    bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head);

    /// <summary>A new scope; items up to its end are its own. <paramref name="scope"/> is a valid InstrumentationScope message.</summary>
    /// <param name="head">The block's fields that stand before its first item.</param>
    bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head);

    /// <summary>A span, metric or log record, not yet validated.</summary>
    bool Item(ReadOnlySpan<byte> item);

    /// <param name="tail">The block's fields that stand behind its last item.</param>
    void EndScope(ReadOnlySpan<byte> tail);

    /// <param name="tail">The block's fields that stand behind its last scope.</param>
    void EndResource(ReadOnlySpan<byte> tail);
}

/// <summary>A sink for a single pass, which cannot know what is to come.</summary>
public interface IRestartableSink : IEnvelopeSink
{
    /// <summary>A block turned out to be in an unusual order: everything given so far is forgotten, and given again.</summary>
    void Restart();

    /// <summary>Whether this resource was seen before and found valid: then it is not validated again.</summary>
    bool Knows(ReadOnlySpan<byte> resource);
}
