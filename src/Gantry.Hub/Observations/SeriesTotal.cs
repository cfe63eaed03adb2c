namespace Gantry.Hub.Observations;

/// <summary>Cumulative counts of one series of one gateway as last told.</summary>
internal sealed class SeriesTotal
{
    public ulong Calls { get; set; }

    /// <summary>Only of edges: a RED series has one status.</summary>
    public ulong Failed { get; set; }

    public ulong[] Buckets { get; set; } = [];

    /// <summary>Calls that came without a parent, and of those the ones that link; null when not told yet, as after a start of the hub.</summary>
    public (ulong Begun, ulong Linked)? Arrivals { get; set; }

    /// <summary>When the series began to count; 0 when the gateway did not say.</summary>
    public ulong StartUnixNano { get; set; }

    /// <summary>Calls of the series before it began anew.</summary>
    public ulong Before { get; set; }

    /// <summary>When it was last told; kept for edges, whose totals are forgotten in time.</summary>
    public DateTimeOffset LastSeen { get; set; }

    public bool Dirty { get; set; } = true;

    /// <summary>
    /// Whether counts that began at <paramref name="start"/> go on from here. A later start is a series that the gateway had forgotten: it counts from
    /// 0, so this does too. An earlier one is a report that was overtaken. Without both starts nothing can be told, and the series is taken for the same.
    /// </summary>
    public bool Continues(ulong start)
    {
        if (start <= StartUnixNano || StartUnixNano == 0)
        {
            return start == 0 || StartUnixNano == 0 || start == StartUnixNano;
        }

        Before += Calls;
        (Calls, Failed, StartUnixNano, Arrivals, Dirty) = (0, 0, start, (0, 0), true);
        Buckets = new ulong[Buckets.Length];
        return true;
    }
}
