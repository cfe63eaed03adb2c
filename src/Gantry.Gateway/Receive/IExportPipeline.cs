using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Receive;

/// <summary>
/// Where the doors hand a request over. The benchmarks put a pipeline here that discards everything, to learn what the doors alone cost.
/// </summary>
internal interface IExportPipeline
{
    /// <param name="request">A protobuf export request; borrowed until the returned task ends.</param>
    ValueTask<ExportOutcome> ExportAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation);
}
