namespace Gantry.Hub.Access;

/// <summary>
/// How many refused requests become lines of the audit log: the first ten of an address and then one a minute, with how many were left out, and ten a
/// minute of all together after a first three hundred. A flood of wrong tokens fills no disk, and is still seen.
/// </summary>
internal sealed class DenialLimit(TimeProvider time)
{
    private const int First = 10;
    private const int FirstOfAll = 300;
    private const int MostAddresses = 10_000;

    private static readonly TimeSpan Then = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ThenOfAll = TimeSpan.FromSeconds(6);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Bucket> _addresses = [];
    private readonly Bucket _all = new(FirstOfAll);

    /// <returns>How many before it were left out, when it is to be written; null when it is left out too.</returns>
    public long? Take(string address)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var bucket = Of(address, now);
            if (bucket.TryTake(now, Then, First, time) && _all.TryTake(now, ThenOfAll, FirstOfAll, time))
            {
                var left = bucket.Left;
                bucket.Left = 0;
                return left;
            }

            bucket.Left++;
            return null;
        }
    }

    /// <summary>Beyond the bound, whoever is full again has nothing to remember; if nobody is, all newcomers share one.</summary>
    private Bucket Of(string address, long now)
    {
        if (_addresses.TryGetValue(address, out var bucket))
        {
            return bucket;
        }

        if (_addresses.Count >= MostAddresses)
        {
            foreach (var (idle, _) in _addresses.Where(item => item.Value.Left == 0 && time.GetElapsedTime(item.Value.At, now) > Then * First).ToList())
            {
                _addresses.Remove(idle);
            }
        }

        var key = _addresses.Count >= MostAddresses ? "" : address;
        if (!_addresses.TryGetValue(key, out bucket))
        {
            _addresses.Add(key, bucket = new Bucket(First) { At = now });
        }

        return bucket;
    }

    private sealed class Bucket(double tokens)
    {
        private double _tokens = tokens;

        public long At { get; set; }

        public long Left { get; set; }

        public bool TryTake(long now, TimeSpan each, int most, TimeProvider time)
        {
            _tokens = Math.Min(most, _tokens + (time.GetElapsedTime(At, now) / each));
            At = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
