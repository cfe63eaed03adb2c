using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Coverage.Edges;

/// <summary>Forms the rows of edges: one for each two ends, from all that the caller's spans call the other.</summary>
internal sealed class EdgeRows
{
    // More names, rules or candidates of one callee than this say nothing more to a person.
    private const int MaxListed = 10;

    private readonly EdgeEvidence _evidence;
    private readonly EdgeResolver _resolver;
    private readonly Dictionary<(string Caller, string Callee), Building> _rows = [];

    private readonly Dictionary<(string Caller, string Callee), string> _ids;

    private readonly Dictionary<(string Caller, PeerKey Peer), EdgeNode> _peers = [];

    private EdgeRows(EdgeEvidence evidence, IReadOnlyList<ServiceRow> services, IReadOnlyList<EdgeRow> before)
    {
        // The same edge has the same id, and to hash it again is what a snapshot would spend most of its time with.
        _ids = before.ToDictionary(row => (row.Caller.Id, row.Callee.Id), row => row.Id);
        _evidence = evidence;
        _resolver = new EdgeResolver(evidence, services);
    }

    /// <param name="before">The rows of the snapshot before.</param>
    public static ResolvedEdges Build(EdgeEvidence evidence, IReadOnlyList<ServiceRow> services, IReadOnlyList<EdgeRow> before)
    {
        if (evidence is { Edges.Count: 0, Traces.Count: 0 })
        {
            return ResolvedEdges.None;
        }

        var rows = new EdgeRows(evidence, services, before);
        rows.AddCounted();
        rows.AddConsumers();
        rows.AddTraced();
        return new ResolvedEdges(
            [.. rows._rows.Values.Select(row => row.Row(rows.IdOf(row))).OrderBy(row => row.Caller.Name, StringComparer.Ordinal).ThenBy(row => row.Callee.Name, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal)],
            rows._peers);
    }

    private void AddCounted()
    {
        foreach (var fact in _evidence.Edges)
        {
            if (_resolver.Find(fact.CallerId) is { } caller)
            {
                var (callee, resolution) = CalleeOf(caller, fact.Peer);
                _peers[(fact.CallerId, fact.Peer)] = callee;
                Add(NodeOf(caller), callee, resolution, fact.Recent, fact.LastSeen, ToldOf(fact.Peer), fact.Part);
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
                    _ => (new EdgeNode($"queue:?:{QueueName(found[0])}", QueueName(found[0]), "queue", "", null), new Resolution(service, "", $"{rule}, and {found.Count} queues have that name: {string.Join(", ", found.Take(MaxListed).Select(queue => queue.Name))}", [])),
                };
                Add(node, NodeOf(service), resolution, fact.Recent, fact.LastSeen, [fact.Operation], fact.Part);
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

    private void Add(EdgeNode caller, EdgeNode callee, Resolution resolution, RecentCalls? recent, DateTimeOffset at, IEnumerable<string> told, string part = "")
    {
        if (!_rows.TryGetValue((caller.Id, callee.Id), out var row))
        {
            _rows.Add((caller.Id, callee.Id), row = new Building(caller, callee));
        }

        if (recent is not null)
        {
            row.Count(part, recent);
        }

        row.LastSeen = at > row.LastSeen ? at : row.LastSeen;
        row.Told = Union(row.Told, told);
        row.Rules = Union(row.Rules, resolution.Rule.Length > 0 ? [resolution.Rule] : []);
        row.Open = Union(row.Open, resolution.Open.Length > 0 ? [resolution.Open] : []);
        row.Candidates = resolution.Candidates.Count == 0 ? row.Candidates : Union(row.Candidates, resolution.Candidates.Take(MaxListed).Select(Describe));
    }

    private string IdOf(Building row) => _ids.GetValueOrDefault((row.Caller.Id, row.Callee.Id)) ?? RowId.Of($"{row.Caller.Name}-{row.Callee.Name}", row.Caller.Id, row.Callee.Id);

    /// <summary>In order, and no more than a person reads. Nearly all edges have one name, so that this is nearly always the list itself.</summary>
    private static IReadOnlyList<string> Union(IReadOnlyList<string> before, IEnumerable<string> more) =>
        before.Count == 0 ? [.. more] : [.. before.Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MaxListed)];

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

        private readonly List<(string Part, RecentCalls Calls)> _counted = [];

        /// <summary>Of those that saw the same calls the one that saw most.</summary>
        private RecentCalls? Recent => _counted.Count switch { 0 => null, 1 => _counted[0].Calls, _ => _counted.MaxBy(item => item.Calls.Calls).Calls };

        public DateTimeOffset LastSeen { get; set; }

        public DateTimeOffset? Traced { get; set; }

        public IReadOnlyList<string> Told { get; set; } = [];

        public IReadOnlyList<string> Rules { get; set; } = [];

        public IReadOnlyList<string> Open { get; set; } = [];

        public IReadOnlyList<string> Candidates { get; set; } = [];

        public void Count(string part, RecentCalls recent)
        {
            var index = _counted.FindIndex(item => item.Part == part);
            if (index < 0)
            {
                _counted.Add((part, recent));
            }
            else
            {
                _counted[index] = (part, _counted[index].Calls.Plus(recent));
            }
        }

        public EdgeRow Row(string id) => new(
            id,
            caller,
            callee,
            Told,
            string.Join("; ", Rules),
            string.Join("; ", Open),
            Candidates,
            Traced,
            Recent?.Red(),
            Recent?.Calls ?? 0,
            Recent?.Failed ?? 0,
            LastSeen);
    }
}
