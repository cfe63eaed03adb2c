using System.Globalization;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>What is wrong with what services send: a count and the newest example of each kind. Not thread-safe: one per shard.</summary>
internal sealed class FindingTable
{
    private const int Max = 50_000;
    private const int MaxExampleLength = 512;

    private readonly Dictionary<(uint Service, string Code), Finding> _findings = [];

    public void Add(in FindingSeen seen, ulong nowUnixNano)
    {
        var key = (seen.Service, seen.Code);
        if (!_findings.TryGetValue(key, out var finding))
        {
            if (_findings.Count >= Max)
            {
                return;
            }

            _findings.Add(key, finding = new Finding());
        }

        finding.Count += seen.Count;
        finding.LastUnixNano = nowUnixNano;
        finding.Example = seen.Example;
        finding.Seconds = Math.Max(finding.Seconds, seen.Seconds);
    }

    /// <summary>Hands everything on that was counted since the last time.</summary>
    public void Drain(Action<ServiceFinding> take)
    {
        foreach (var ((service, code), finding) in _findings)
        {
            if (finding.Count > 0)
            {
                take(finding.ToMessage(service, code));
                finding.Count = 0;
                finding.Seconds = 0;
            }
        }
    }

    private sealed class Finding
    {
        public ulong Count { get; set; }

        public ulong LastUnixNano { get; set; }

        public string Example { get; set; } = "";

        public ulong Seconds { get; set; }

        public ServiceFinding ToMessage(uint service, string code)
        {
            // Put into words here and not where it is found, which is the fast path.
            var example = Seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"up to {Seconds} s") : Example;
            return new ServiceFinding
            {
                Service = service,
                Code = code,
                Count = Count,
                LastUnixNano = LastUnixNano,
                Example = example.Length > MaxExampleLength ? example[..MaxExampleLength] : example,
            };
        }
    }
}

/// <summary>A finding of one request, which counts once the request is accepted.</summary>
/// <param name="Seconds">For findings about clocks: by how many at most; then there is no example.</param>
internal readonly record struct FindingSeen(uint Service, string Code, ulong Count, string Example, ulong Seconds = 0);
