namespace Gantry.Estate.Pipelines;

/// <summary>
/// The order of processors that the collector's documentation recommends (processor/README.md): memory_limiter, sampling and filters, what needs the
/// context of the request or adds to it, transformations, batch. Tail sampling batches anew, so it comes behind what needs the context.
/// </summary>
public static class ProcessorOrder
{
    private const int Unknown = 40;

    public static int RankOf(string type) => type.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() switch
    {
        "memorylimiter" => 0,
        "filter" or "probabilisticsampler" => 10,
        "k8sattributes" or "resourcedetection" => 20,
        "tailsampling" or "groupbytrace" => 30,
        "batch" => 50,
        _ => Unknown,
    };

    /// <summary>Stable: those of one rank stay as they were written.</summary>
    /// <param name="ids">"batch/edge"</param>
    public static IReadOnlyList<T> Sort<T>(IReadOnlyList<T> processors, Func<T, string> ids) => [.. processors.OrderBy(processor => RankOf(ids(processor).Split('/', 2)[0]))];
}
