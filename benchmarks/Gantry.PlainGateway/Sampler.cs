using System.Buffers.Binary;
using System.Globalization;

namespace Gantry.PlainGateway;

/// <summary>Consistent probability sampling: keeps a span iff the low 56 bits of its trace id are at least the threshold, and writes the threshold down.</summary>
internal sealed class Sampler
{
    private const int Digits = 4;

    private readonly ulong _threshold;
    private readonly string _state;
    private readonly bool _all;

    public Sampler(double probability)
    {
        _all = probability >= 1;
        // Four hexadecimal digits of 56 bits.
        var digits = (ulong)Math.Round((1 - probability) * (1 << (4 * Digits)));
        _threshold = digits << (56 - (4 * Digits));
        _state = $"ot=th:{digits.ToString("x4", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }

    /// <summary>Leaves in <paramref name="request"/> what is kept; no empty groups.</summary>
    public void Keep(ExportTraceServiceRequest request)
    {
        if (_all)
        {
            return;
        }

        for (var i = request.ResourceSpans.Count - 1; i >= 0; i--)
        {
            var scopes = request.ResourceSpans[i].ScopeSpans;
            for (var j = scopes.Count - 1; j >= 0; j--)
            {
                Keep(scopes[j]);
                if (scopes[j].Spans.Count == 0)
                {
                    scopes.RemoveAt(j);
                }
            }

            if (scopes.Count == 0)
            {
                request.ResourceSpans.RemoveAt(i);
            }
        }
    }

    private void Keep(ScopeSpans scope)
    {
        var kept = new List<Span>();
        foreach (var span in scope.Spans)
        {
            if ((BinaryPrimitives.ReadUInt64BigEndian(span.TraceId.Span[8..]) & 0x00ff_ffff_ffff_ffff) < _threshold)
            {
                continue;
            }

            // Another ot= member, and other vendors, would have to be merged; the workload has none, and a day's work would get there last.
            span.TraceState = span.TraceState.Length == 0 ? _state : $"{_state},{span.TraceState}";
            kept.Add(span);
        }

        scope.Spans.Clear();
        scope.Spans.AddRange(kept);
    }
}
