using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>What is wrong with the spans of one resource block, counted without a branch that would be mispredicted or an allocation.</summary>
internal struct ResourceFaults(ulong nowUnixNano)
{
    /// <summary>Clocks of hosts that are kept in time differ by milliseconds; a batch waits for seconds.</summary>
    public const ulong AheadNano = 10_000_000_000;

    /// <summary>Exporters give up after minutes: a span that is older was held back, or its clock is behind.</summary>
    public const ulong BehindNano = 3600_000_000_000;

    private readonly ulong _latest = nowUnixNano + AheadNano;
    private readonly ulong _earliest = nowUnixNano - BehindNano;
    private uint _ahead;
    private uint _behind;
    private uint _reversed;
    private ulong _farthestAhead;
    private ulong _farthestBehind;

    public uint InvalidIds { get; set; }

    public void See(ulong start, ulong end)
    {
        _reversed += end < start ? 1u : 0;
        _ahead += end > _latest ? 1u : 0;
        _behind += end < _earliest ? 1u : 0;
        _farthestAhead = Math.Max(_farthestAhead, end);
        _farthestBehind = Math.Min(_farthestBehind - 1, end - 1) + 1;
    }

    public readonly void AddTo(List<FindingSeen> findings, uint service, ulong nowUnixNano)
    {
        if ((_ahead | _behind | _reversed | InvalidIds) == 0)
        {
            return;
        }

        Add(findings, service, FindingCodes.InvalidIds, InvalidIds, "trace_id must be 16 bytes and span_id 8 bytes, neither all zero");
        Add(findings, service, FindingCodes.EndsBeforeStart, _reversed, "");
        Add(findings, service, FindingCodes.ClockAhead, _ahead, "", _farthestAhead - nowUnixNano);
        Add(findings, service, FindingCodes.ClockBehind, _behind, "", nowUnixNano - _farthestBehind);
    }

    private static void Add(List<FindingSeen> findings, uint service, string code, uint count, string example, ulong nano = 0)
    {
        if (count > 0)
        {
            findings.Add(new FindingSeen(service, code, count, example, nano / 1_000_000_000));
        }
    }
}
