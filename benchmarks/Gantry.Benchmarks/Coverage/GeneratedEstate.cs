namespace Gantry.Benchmarks.Coverage;

/// <summary>
/// An estate of many services in layers, with five kinds of breaks planted: callers that send no context, callees that do not continue it, dark hops, queues whose reader begins anew, and
/// callees whose spans are lost; some lose every call, some one in three.
/// </summary>
internal sealed class GeneratedEstate
{
    private const int Layers = 6;
    private const int Fan = 2;
    private const double Partial = 0.34;

    private readonly Random _random = new(20261123);
    private readonly string[] _services;
    private readonly Dictionary<string, string[]> _calls = [];
    private readonly Dictionary<string, string> _roles = [];
    private readonly Dictionary<string, string> _readers = [];
    private readonly HashSet<PlantedBreak> _planted = [];
    private readonly HashSet<string> _partial = [];
    private List<CoverageSpan> _trace = [];
    private ulong _ids;

    private GeneratedEstate(int services)
    {
        _services = [.. Enumerable.Range(0, services).Select(i => $"svc-{i:0000}")];
        var size = services / Layers;
        for (var i = 0; i < services; i++)
        {
            var layer = i / size;
            // Neighbours of the next layer: each is called by several, so that who is to blame can be told.
            _calls[_services[i]] = layer >= Layers - 1 ? [] : [.. Enumerable.Range(0, Fan).Select(n => _services[Math.Min(services - 1, ((layer + 1) * size) + (((i % size) + n) % size))]).Distinct()];
        }

        // Far enough apart that no caller has two callees with a role; and no link has one at both ends, or nobody could tell which it was.
        string[] roles = ["deaf", "dark", "mute", "reader", "silent"];
        var callers = _calls.SelectMany(item => item.Value.Select(callee => (callee, item.Key))).ToLookup(item => item.callee, item => item.Key);
        for (var (i, n) = (size, 0); i < services - size; i += 8)
        {
            var name = _services[i];
            if (callers[name].Concat(_calls[name]).Any(_roles.ContainsKey))
            {
                continue;
            }

            _roles[name] = roles[n++ % roles.Length];
            // Who loses everything is dark; "silent" loses some.
            if (_roles[name] == "silent" || (_roles[name] == "deaf" && n % 2 == 0))
            {
                _partial.Add(name);
            }
        }
    }

    public static CoverageWorkload Make(int services, int traces)
    {
        var estate = new GeneratedEstate(services);
        List<CoverageSpan[]> made = [.. Enumerable.Range(0, traces).Select(i => estate.Trace(estate._services[i % (services / Layers)]))];
        return new CoverageWorkload(
            $"generated estate of {services} services",
            made,
            [.. estate._planted],
            [.. estate._services.Take(services / Layers).Where((_, i) => i % 10 == 0).Select(service => (service, "GET /entry"))],
            [.. estate._roles.Where(role => role.Value == "dark").Select(role => role.Key)],
            estate._readers,
            estate._services);
    }

    private CoverageSpan[] Trace(string entry)
    {
        _trace = [];
        Serve(entry, NewTrace(), 0, 2, "GET /entry", depth: 0);
        return [.. _trace];
    }

    private void Serve(string service, (ulong, ulong) trace, ulong parent, int kind, string operation, int depth)
    {
        var id = Add(trace, parent, service, kind, operation, "", false);
        // Work within: calls hang below it, as they do with most SDKs.
        var inner = _random.Next(3) == 0 ? Add(trace, id, service, 1, "work", "", false) : id;
        foreach (var callee in _calls[service])
        {
            // Not every request goes everywhere.
            if (depth == 0 || _random.Next(100) < 60)
            {
                Call(service, callee, trace, inner, depth);
            }
        }
    }

    private void Call(string caller, string callee, (ulong, ulong) trace, ulong parent, int depth)
    {
        var role = _roles.GetValueOrDefault(callee, "");
        if (_random.Next(500) == 0)
        {
            // Refused: nobody got it.
            Add(trace, parent, caller, 3, $"GET {callee}", callee, true);
            return;
        }

        if (role == "reader")
        {
            var queue = $"queue-{callee}";
            _readers[queue] = callee;
            Add(trace, parent, caller, 4, $"{queue} publish", queue, false);
            Planted(caller, callee, "queue-loses-context");
            Serve(callee, NewTrace(), 0, 5, $"{queue} process", depth + 1);
            return;
        }

        var call = Add(trace, parent, caller, 3, $"GET {callee}", callee, false);
        var loses = !_partial.Contains(callee) || _random.NextDouble() < Partial;
        if (_roles.GetValueOrDefault(caller, "") == "mute")
        {
            Planted(caller, callee, "context-not-sent");
            Serve(callee, NewTrace(), 0, 2, "GET /", depth + 1);
        }
        else if (role == "deaf" && loses)
        {
            Planted(caller, callee, "context-not-continued");
            Serve(callee, NewTrace(), 0, 2, "GET /", depth + 1);
        }
        else if (role == "dark")
        {
            Planted(caller, callee, "hop-dark");
        }
        else if (role == "silent" && loses)
        {
            Planted(caller, callee, "spans-missing");
        }
        else
        {
            Serve(callee, trace, call, 2, "GET /", depth + 1);
        }
    }

    private void Planted(string from, string to, string code) => _planted.Add(new PlantedBreak(from, to, code));

    private (ulong, ulong) NewTrace() => ((ulong)_random.NextInt64() + 1, ((ulong)_random.NextInt64() << 1) ^ (ulong)_random.NextInt64());

    private ulong Add((ulong High, ulong Low) trace, ulong parent, string service, int kind, string operation, string peer, bool failed)
    {
        _trace.Add(new CoverageSpan(trace.High, trace.Low, ++_ids, parent, service, kind, operation, peer, failed));
        return _ids;
    }
}
