using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>How OTLP is spoken over HTTP: the two ways differ in addresses, headers and where the answer is.</summary>
internal interface IOtlpDialect
{
    /// <summary>Has the message a gRPC prefix?</summary>
    bool IsGrpc { get; }

    HttpRequestMessage Request(Signal signal, ExportContent content, string? encoding);

    /// <summary>Reads what is needed of the answer, bounded. May throw what reading a response throws.</summary>
    ValueTask<ForwardResult> JudgeAsync(HttpResponseMessage response, CancellationToken cancellation);
}
