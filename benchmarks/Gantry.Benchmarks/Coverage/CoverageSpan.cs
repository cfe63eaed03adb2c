namespace Gantry.Benchmarks.Coverage;

/// <summary>A span of a coverage workload; ids as numbers, <paramref name="Parent"/> 0 for a root.</summary>
/// <param name="Kind">2 server, 3 client, 4 producer, 5 consumer, 1 internal.</param>
/// <param name="Peer">service.peer.name of a call, or the queue of a message; "" for what is no call.</param>
internal sealed record CoverageSpan(ulong High, ulong Low, ulong Id, ulong Parent, string Service, int Kind, string Operation, string Peer, bool Failed)
{
    public bool IsInbound => Kind is 2 or 5;

    public bool IsCall => Kind is 3 or 4;
}

/// <summary>A link that was broken on purpose.</summary>
/// <param name="Code">What has to be said of it.</param>
internal readonly record struct PlantedBreak(string From, string To, string Code);

/// <summary>Traces with what is broken in them.</summary>
/// <param name="Entries">Services and operations that journeys begin with.</param>
/// <param name="Dark">Services that run and send nothing.</param>
/// <param name="Readers">Queues with who reads them.</param>
internal sealed record CoverageWorkload(
    string Source,
    IReadOnlyList<CoverageSpan[]> Traces,
    IReadOnlyList<PlantedBreak> Planted,
    IReadOnlyList<(string Service, string Operation)> Entries,
    IReadOnlyList<string> Dark,
    IReadOnlyDictionary<string, string> Readers,
    IReadOnlyList<string> Services);
