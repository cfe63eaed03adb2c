namespace Gantry.Hub.Observations.Traces;

/// <summary>A trace that every gateway chose, whole as far as anybody knows: nothing more came of it for some seconds, and no report is missing that could hold more.</summary>
/// <param name="Low">The low half of its id; 56 bits of it are random.</param>
/// <param name="Spans">Every span of it, of any kind, in the order in which they came.</param>
/// <param name="Seen">When the first of them came.</param>
internal sealed record ChosenTrace(ulong High, ulong Low, IReadOnlyList<ChosenSpan> Spans, DateTimeOffset Seen);

/// <param name="Parent">0 for a root.</param>
/// <param name="Kind">Span.kind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Operation">The span's name, folded as RED has it.</param>
/// <param name="Peer">Whom an exit span calls, in its own words; null for all others, and for one that does not say.</param>
/// <param name="IsLink">It belongs to another trace and links to <paramref name="Parent"/>, as batch consumers do.</param>
/// <param name="HasLink">It has no parent and links to another trace.</param>
internal sealed record ChosenSpan(
    ulong Id, ulong Parent, ServiceState Service, int Kind, string Operation, PeerKey? Peer, bool IsLink, bool HasLink, bool Failed, ulong DurationNano);

/// <summary>Looks at each chosen trace once, when it has settled. Called one at a time, by one loop; must not block.</summary>
internal interface ITraceJudge
{
    void Judge(ChosenTrace trace, DateTimeOffset now);
}
