using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Coverage.Edges;

/// <summary>Forms the rows of edges: one for each two ends, from all that the caller's spans call the other.</summary>
internal sealed class EdgeRows
{
    // More names for one callee than this say nothing more to a person.
    private const int MaxTold = 5;
    private const int MaxCandidates = 10;

    private readonly EdgeEvidence _evidence;
    private readonly EdgeResolver _resolver;
    private readonly Dictionary<(string Caller, string Callee), Building> _rows = [];

    private EdgeRows(EdgeEvidence evidence, IReadOnlyList<ServiceRow> services)
    {
        _evidence = evidence;
        _resolver = new EdgeResolver(evidence, services);
    }

    public static IReadOnlyList<EdgeRow> Build(EdgeEvidence evidence, IReadOnlyList<ServiceRow> services)
    {
        if (evidence is { Edges.Count: 0, Traces.Count: 0 })
        {
            return [];
        }

        var rows = new EdgeRows(evidence, services);
        rows.AddCounted();
        rows.AddConsumers();
        rows.AddTraced();
        return [.. rows._rows.Values.Select(row => row.Row()).OrderBy(row => row.Caller.Name, StringComparer.Ordinal).ThenBy(row => row.Callee.Name, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal)];
    }

    private void AddCounted()
    {
        foreach (var fact in _evidence.Edges)
        {
            if (_resolver.Find(fact.CallerId) is { } caller)
            {
                var (callee, resolution) = CalleeOf(caller, fact.Peer);
                Add(NodeOf(caller), callee, resolution, fact.Recent, fact.LastSeen, ToldOf(fact.Peer));
            }
        }
    }

    /// <summary>From a queue to who takes from it, when a CONSUMER operation names the queue: "process orders", "orders receive".</summary>
    private void AddConsumers()
    {
        var queues = _rows.Values.Select(row => row.Callee).Where(node => node.Type == "queue").DistinctBy(node => node.Id).ToLookup(QueueName, StringComparer.Ordinal);
        foreach (var fact in queues.Count == 0 ? [] : _evidence.Consumers)
        {
            if (_resolver.Find(fact.ServiceId) is not { } service)
            {
                continue;
            }

            var rule = $"its CONSUMER operation \"{fact.Operation}\" names the queue";
            foreach (var found in fact.Operation.Split(' ').Distinct(StringComparer.Ordinal).Select(word => queues[word].ToList()).Where(found => found.Count > 0))
            {
                // The consumer's own CLIENT spans may say which of two it talks to.
                var own = found.Where(queue => _rows.ContainsKey((service.Id, queue.Id))).ToList();
                var (node, resolution) = (found.Count, own.Count) switch
                {
                    (1, _) => (found[0], new Resolution(service, rule, "", [])),
                    (_, 1) => (own[0], new Resolution(service, $"{rule}; among {found.Count} of that name the one that it calls", "", [])),
                    _ => (new EdgeNode($"queue:?:{QueueName(found[0])}", QueueName(found[0]), "queue", "", null), new Resolution(service, "", $"{rule}, and {found.Count} queues have that name: {string.Join(", ", found.Take(MaxCandidates).Select(queue => queue.Name))}", [])),
                };
                Add(node, NodeOf(service), resolution, fact.Recent, fact.LastSeen, [fact.Operation]);
            }
        }

        static string QueueName(EdgeNode queue) => queue.Name.StartsWith(queue.System + " ", StringComparison.Ordinal) ? queue.Name[(queue.System.Length + 1)..] : queue.Name;
    }

    /// <summary>Traces confirm edges, and know some that no span names: they have no counts. One that goes through a queue is told by its two halves.</summary>
    private void AddTraced()
    {
        var takers = _rows.Values.Where(row => row.Caller.Type == "queue").ToLookup(row => row.Callee.Id, row => row.Caller.Id);
        foreach (var ((callerId, calleeId), at) in _evidence.Traces)
        {
            var halves = takers[calleeId].Where(queue => _rows.ContainsKey((callerId, queue))).ToList();
            if (_rows.TryGetValue((callerId, calleeId), out var known))
            {
                known.Traced = at;
            }
            else if (halves.Count > 0)
            {
                foreach (var queue in halves)
                {
                    _rows[(callerId, queue)].Traced = _rows[(queue, calleeId)].Traced = at;
                }
            }
            else if (_resolver.Find(callerId) is { } caller && _resolver.Find(calleeId) is { } callee)
            {
                Add(NodeOf(caller), NodeOf(callee), new Resolution(callee, "a trace joins the two; no span that was counted names the callee", "", []), null, at, []);
                _rows[(callerId, calleeId)].Traced = at;
            }
        }
    }

    private (EdgeNode Node, Resolution Resolution) CalleeOf(ServiceRow caller, PeerKey peer)
    {
        if (peer.Type == PeerType.Messaging)
        {
            // The address of a queue is that of one of its brokers; the queue is the same at all of them.
            return (new EdgeNode($"queue:{caller.Environment}:{peer.System}:{peer.Name}", Label(peer), "queue", peer.System, null), Told);
        }

        var resolution = _resolver.Resolve(caller, peer);
        var place = $"{_resolver.ScopeOf(caller, peer.Address)}:{peer.Address}";
        return peer.Type switch
        {
            PeerType.Database => (
                new EdgeNode($"database:{caller.Environment}:{peer.System}:{peer.Name}:{place}", Label(peer), "database", peer.System, resolution.Row?.Id),
                resolution.Row is null ? Told : resolution),
            _ when resolution.Row is { } row => (NodeOf(row), resolution),
            PeerType.Service => (new EdgeNode($"service:{caller.Environment}:{peer.Name}", peer.Name, "service", "", null), resolution),
            PeerType.Rpc => (new EdgeNode($"rpc:{caller.Environment}:{peer.Name}:{place}", peer.Name, "rpc", peer.System, null), resolution),
            _ when peer.Address.Length > 0 => (new EdgeNode($"address:{place}", peer.Address, "address", "", null), resolution),
            _ => (new EdgeNode($"address:{caller.Id}:{peer.Name}", Label(peer), "address", peer.System, null), resolution),
        };
    }

    private static Resolution Told { get; } = new(null, "named by the caller's spans", "", []);

    private static EdgeNode NodeOf(ServiceRow row) => new(row.Id, row.Name, "service", "", row.Id);

    /// <summary>"mysql productdb", "kafka orders"; with the address where there is no name.</summary>
    private static string Label(PeerKey peer) => string.Join(' ', new[] { peer.System, peer.Name.Length > 0 ? peer.Name : peer.Address }.Where(part => part.Length > 0));

    private static IEnumerable<string> ToldOf(PeerKey peer) => new[] { peer.Name, peer.Address }.Where(text => text.Length > 0);

    private void Add(EdgeNode caller, EdgeNode callee, Resolution resolution, RecentCalls? recent, DateTimeOffset at, IEnumerable<string> told)
    {
        if (!_rows.TryGetValue((caller.Id, callee.Id), out var row))
        {
            _rows.Add((caller.Id, callee.Id), row = new Building(caller, callee));
        }

        row.Recent = row.Recent is null ? recent : recent is null ? row.Recent : row.Recent.Plus(recent);
        row.LastSeen = at > row.LastSeen ? at : row.LastSeen;
        row.Told.UnionWith(told.Take(MaxTold));
        row.Rules.Add(resolution.Rule);
        row.Open.Add(resolution.Open);
        row.Candidates.UnionWith(resolution.Candidates.Select(Describe));
    }

    /// <summary>What tells two services of one name apart.</summary>
    private static string Describe(ServiceRow row)
    {
        var where = string.Join(", ", new[] { row.Namespace, row.Environment }.Where(part => part.Length > 0));
        return where.Length > 0 ? $"{row.Name} ({where})" : row.Processes.Count > 0 ? $"{row.Name} (on {row.Processes[0].HostName})" : row.Name;
    }

    /// <summary>A row that further names of the same callee are added to.</summary>
    private sealed class Building(EdgeNode caller, EdgeNode callee)
    {
        public EdgeNode Caller => caller;

        public EdgeNode Callee => callee;

        public RecentCalls? Recent { get; set; }

        public DateTimeOffset LastSeen { get; set; }

        public DateTimeOffset? Traced { get; set; }

        public SortedSet<string> Told { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> Rules { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> Open { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> Candidates { get; } = new(StringComparer.Ordinal);

        public EdgeRow Row() => new(
            RowId.Of($"{caller.Name}-{callee.Name}", caller.Id, callee.Id),
            caller,
            callee,
            [.. Told.Take(MaxTold)],
            Sentence(Rules),
            Sentence(Open),
            [.. Candidates.Take(MaxCandidates)],
            Traced,
            Recent?.Red(),
            Recent?.Calls ?? 0,
            Recent?.Failed ?? 0,
            LastSeen);

        private static string Sentence(IEnumerable<string> parts) => string.Join("; ", parts.Where(part => part.Length > 0));
    }
}
