namespace Gantry.Hub.Fleet.Certificates;

/// <summary>Checking and signing cost a millisecond of the processor and a write each, and an agent needs one in months. Thread-safe.</summary>
internal sealed class SigningLimit(TimeProvider time)
{
    /// <summary>Of one agent.</summary>
    public const int PerMinute = 5;

    private const double PerSecondOfAll = 50;
    private const double AtOnceOfAll = 200;
    private const int MostAgents = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TokenBucket _all = new(time, PerSecondOfAll, AtOnceOfAll);
    private readonly Dictionary<Guid, (long Since, int Count)> _agents = [];

    public bool TryTake(Guid agent)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_agents.Count >= MostAgents)
            {
                foreach (var (old, _) in _agents.Where(item => time.GetElapsedTime(item.Value.Since, now) > Window).ToList())
                {
                    _agents.Remove(old);
                }
            }

            if (!_agents.TryGetValue(agent, out var seen) || time.GetElapsedTime(seen.Since, now) > Window)
            {
                seen = (now, 0);
            }

            // Full of others within one minute: then they share the limit of all.
            if (seen.Count >= PerMinute || (_agents.Count >= MostAgents && !_agents.ContainsKey(agent)) || !_all.TryTake())
            {
                return false;
            }

            _agents[agent] = (seen.Since, seen.Count + 1);
            return true;
        }
    }
}
