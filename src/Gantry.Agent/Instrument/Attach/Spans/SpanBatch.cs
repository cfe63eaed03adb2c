using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>Spans that wait to be sent, as OTLP already. ResourceSpans: resource = 1, scope_spans = 2. ScopeSpans: scope = 1, spans = 2.</summary>
internal sealed class SpanBatch(IReadOnlyList<KeyValue> resource) : IDisposable
{
    /// <summary>From here on it is to be sent.</summary>
    public const int Full = 512 * 1024;

    private readonly ProtoWriter _request = new(64 * 1024);

    public ProtoWriter Server { get; } = new(64 * 1024);

    public ProtoWriter Client { get; } = new(16 * 1024);

    public int Count { get; set; }

    public bool IsFull => Server.Written.Length + Client.Written.Length >= Full;

    /// <returns>The request; nothing is left in the batch.</returns>
    public byte[] Take()
    {
        _request.Clear();
        var resourceSpans = _request.Begin(1, 4);
        var mark = _request.Begin(1, 2);
        _request.Messages(1, resource);
        _request.End(mark, 2);
        WriteScope(SpanArguments.ServerSource, Server);
        WriteScope(SpanArguments.ClientSource, Client);
        _request.End(resourceSpans, 4);
        Count = 0;
        return _request.ToArray();
    }

    public void Dispose()
    {
        _request.Dispose();
        Server.Dispose();
        Client.Dispose();
    }

    private void WriteScope(string name, ProtoWriter spans)
    {
        if (spans.Written.IsEmpty)
        {
            return;
        }

        var scopeSpans = _request.Begin(2, 4);
        var mark = _request.Begin(1);
        _request.String(1, name);
        _request.End(mark);
        _request.Raw(spans.Written);
        _request.End(scopeSpans, 4);
        spans.Clear();
    }
}
