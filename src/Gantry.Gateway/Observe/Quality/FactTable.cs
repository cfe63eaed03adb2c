using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>Checks by service: how much was looked at, how much of it was not as it should be, and when. Not thread-safe: one per shard.</summary>
internal sealed class FactTable
{
    /// <summary>Characters of an example that are worth their memory.</summary>
    public const int MaxExample = 256;

    // A service has seven at most.
    private const int Max = 7 * ServiceRegistry.MaxServices;

    private readonly Dictionary<(uint Service, string Check), QualityFact> _facts = [];
    private readonly HashSet<QualityFact> _changed = [];

    /// <param name="bad">Of <paramref name="seen"/>; above 0 also where only times are told.</param>
    public void See(uint service, string check, ulong seen, ulong bad, ulong unixNano, string example = "")
    {
        if (!_facts.TryGetValue((service, check), out var fact))
        {
            if (_facts.Count >= Max)
            {
                return;
            }

            _facts.Add((service, check), fact = new QualityFact { Service = service, Check = check });
        }

        fact.Seen += seen;
        fact.LastUnixNano = Math.Max(fact.LastUnixNano, unixNano);
        if (bad > 0)
        {
            fact.Bad += seen > 0 ? bad : 0;
            fact.BadUnixNano = Math.Max(fact.BadUnixNano, unixNano);
            fact.Example = example.Length > MaxExample ? example[..MaxExample] : example;
        }

        _changed.Add(fact);
    }

    /// <summary>Hands everything on that was seen since the last time; the taker copies it.</summary>
    public void Drain(Action<QualityFact> take)
    {
        foreach (var fact in _changed)
        {
            take(fact);
            (fact.Seen, fact.Bad) = (0, 0);
        }

        _changed.Clear();
    }
}
