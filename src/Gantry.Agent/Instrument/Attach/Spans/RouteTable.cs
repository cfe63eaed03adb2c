namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>
/// The routes of a process. A request's event has its path and its route values, but the endpoint's route is out of reach there; the request metric has it. So
/// routes are learned from the metric, and a span's is the one that fits its path and its values best. Not thread-safe.
/// </summary>
internal sealed class RouteTable
{
    public const int Most = 2000;

    private readonly Dictionary<string, List<RouteTemplate>> _byMethod = [];

    /// <summary>Of all methods; there are no more methods than routes.</summary>
    public int Count { get; private set; }

    public int Methods => _byMethod.Count;

    public void Add(string method, string route)
    {
        if (Count == Most)
        {
            return;
        }

        if (!_byMethod.TryGetValue(method, out var routes))
        {
            _byMethod.Add(method, routes = []);
        }

        if (!routes.Exists(known => known.Text == route))
        {
            Count++;
            routes.Add(RouteTemplate.Parse(route));
            routes.Sort((a, b) => b.Literals.CompareTo(a.Literals));
        }
    }

    /// <returns>Null: none that is known.</returns>
    public string? Find(ReadOnlySpan<char> method, ReadOnlySpan<char> path, ReadOnlySpan<char> routeValues)
    {
        if (!_byMethod.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(method, out var routes))
        {
            return null;
        }

        foreach (var route in routes)
        {
            if (route.Matches(path, routeValues))
            {
                return route.Text;
            }
        }

        return null;
    }
}
