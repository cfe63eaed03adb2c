using System.Text;
using Gantry.Hub.Journeys;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Journeys;

/// <summary>
/// What one gateway tells of a shop: storefront calls catalog, cart and payments, payments calls bank, and storefront sends a message to the queue "orders", which fulfilment reads.
/// Three links can be broken, as the demo breaks them.
/// </summary>
internal sealed class Shop(HubFixture hub, string gateway = "gateway-1")
{
    private const uint Storefront = 1, Catalog = 2, Cart = 3, Bank = 4, Fulfilment = 5, Payments = 6, Ebpf = 7;
    private const int Server = 2, Client = 3, Producer = 4, Consumer = 5;

    private readonly Random _random = new(7);
    private readonly Guid _agent = Guid.CreateVersion7();
    private readonly Dictionary<string, RedSeries> _red = [];
    private readonly Dictionary<string, EdgeSeries> _edges = [];
    private ObservationBatch _batch = new();
    private ulong _sequence;
    private ulong _until;
    private ulong _ids;
    private ulong _said;

    public bool CatalogBegins { get; set; }

    /// <summary>Each purchase calls catalog once more, by its name; that call is continued.</summary>
    public bool CatalogByName { get; set; }

    public bool PaymentsDark { get; set; }

    public bool QueueLoses { get; set; }

    /// <summary>Payments answers with an error, and nobody knows whether it got the call.</summary>
    public bool PaymentsFails { get; set; }

    /// <summary>An eBPF instrumentation tells of each purchase too, as the service "node", and of nothing behind it: beside the span of the SDK, or around it.</summary>
    public string Twice { get; set; } = "";

    /// <summary>Requests are counted, and no trace of them is chosen.</summary>
    public bool Untraced { get; set; }

    public uint CatalogShare { get; set; } = 100;

    /// <summary>The host of all of them is on rung 1.</summary>
    public bool IsMeasured { get; set; }

    public const string Journey = "apiVersion: gantry/v1\nkind: Journey\nmetadata: {name: purchase}\nspec: {owner: team-shop, entry: {service: storefront, operation: POST}}\n";

    public async Task DeclareAsync(string document = Journey)
    {
        using var answer = await hub.Client.PutAsync("/api/v1/resources/journeys/purchase", new StringContent(document, Encoding.UTF8, "application/yaml"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        // Of what came before the hub was there for some seconds, nobody can say what is missing.
        await SettleAsync(12);
    }

    /// <summary>The host's agent sees who listens; a process on payments' port sends nothing.</summary>
    public Task ListenAsync() => hub.SayAsync(Reports.Agent(
        _agent, ++_said, Reports.Process(97, "catalog.js", 5081, declared: "catalog"), Reports.Process(99, "payments.dll", 5083, language: "dotnet")));

    /// <summary>Two seconds of purchases, told in one report.</summary>
    public async Task TradeAsync(int purchases = 10, bool isLost = false)
    {
        Begin();
        for (var i = 0; i < purchases; i++)
        {
            Purchase();
        }

        await EndAsync(isLost);
    }

    /// <summary>Reports without anything in them, until all that came is settled.</summary>
    public async Task SettleAsync(int seconds = 12)
    {
        for (var i = 0; i < seconds; i += 2)
        {
            await TradeAsync(0);
        }
    }

    public JourneyRow Purchases()
    {
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        return hub.Room<JourneyQueries>().Find("purchase")!;
    }

    private void Begin()
    {
        _batch = Reports.Batch(++_sequence, full: _sequence == 1, gateway).With(
            Reports.Service(Storefront, "storefront"), Reports.Service(Catalog, "catalog"), Reports.Service(Cart, "cart"), Reports.Service(Bank, "bank"),
            Reports.Service(Fulfilment, "fulfilment"), Reports.Service(Payments, "payments"), Reports.Service(Ebpf, "node"));
        // Whose telemetry names its host is joined with addresses of that host.
        _batch.Sources.Add(Reports.Source(Storefront, hub.Now, ("host.id", "h1"), ("host.name", "web-1")));
        _batch.Sources.Add(Reports.Source(Catalog, hub.Now, ("host.id", "h1"), ("process.pid", "97")));
        if (IsMeasured)
        {
            _batch.With(
                Reports.Point("system.cpu.utilization", 0.6, hub.Now, false, ("cpu.mode", "idle")), Reports.Point("system.cpu.linux.pressure.stall_time", 1, hub.Now, true, ("pressure.stall", "some")),
                Reports.Point("system.memory.utilization", 0.4, hub.Now, false, ("system.memory.state", "used")), Reports.Point("system.memory.linux.pressure.stall_time", 1, hub.Now, true, ("pressure.stall", "some")),
                Reports.Point("system.disk.io", 1, hub.Now, true, ("disk.io.direction", "read")), Reports.Point("system.filesystem.linux.errors", 0, hub.Now, true),
                Reports.Point("system.network.io", 1, hub.Now, true, ("network.io.direction", "receive")), Reports.Point("system.network.errors", 0, hub.Now, true));
        }
    }

    private async Task EndAsync(bool isLost)
    {
        hub.Time.Advance(TimeSpan.FromSeconds(2));
        (_batch.ChosenSinceUnixNano, _batch.SentUnixNano) = (_until == 0 ? hub.Now - 3_600_000_000_000 : _until, hub.Now);
        _until = hub.Now;
        _batch.Red.AddRange(_red.Values);
        _batch.Edges.AddRange(_edges.Values);
        _batch.Spans.RemoveAll(_ => Untraced);
        foreach (var series in _batch.Red)
        {
            series.LastUnixNano = series.LastUnixNano == 1 ? hub.Now : series.LastUnixNano;
        }

        if (isLost)
        {
            _sequence--;
        }
        else
        {
            await hub.ReportAsync(_batch);
        }

        hub.Room<TraceLoop>().Run();
    }

    private void Purchase()
    {
        var trace = ((ulong)_random.NextInt64(), (ulong)_random.NextInt64());
        var outer = Twice.Length > 0 ? Span(trace, 0, Ebpf, Server, "POST", begun: true) : 0;
        var parent = Twice == "around" ? outer : 0;
        var entry = Span(trace, parent, Storefront, Server, "POST", begun: parent == 0);
        Call(trace, entry, Catalog, "127.0.0.1:5081", CatalogBegins && _random.Next(100) < CatalogShare);
        if (CatalogByName)
        {
            Span(trace, Exit(trace, entry, PeerType.Service, "catalog", "", ""), Catalog, Server, "GET", begun: false);
        }

        Call(trace, entry, Cart, "127.0.0.1:5082", false);
        Pay(trace, entry);
        Order(trace, entry);
    }

    private void Call((ulong, ulong) trace, ulong entry, uint callee, string address, bool begins)
    {
        var call = Exit(trace, entry, PeerType.Address, "", "", address);
        Span(begins ? ((ulong)_random.NextInt64(), (ulong)_random.NextInt64()) : trace, begins ? 0 : call, callee, Server, "GET", begins);
    }

    private void Pay((ulong, ulong) trace, ulong entry)
    {
        var call = Exit(trace, entry, PeerType.Address, "", "", "127.0.0.1:5083", PaymentsFails);
        if (PaymentsFails)
        {
            return;
        }

        var parent = PaymentsDark ? ++_ids : Span(trace, call, Payments, Server, "POST /charge", begun: false);
        Span(trace, parent, Bank, Server, "POST", begun: false);
    }

    private void Order((ulong, ulong) trace, ulong entry)
    {
        var send = Exit(trace, entry, PeerType.Messaging, "orders", "rabbitmq", "");
        Span(QueueLoses ? ((ulong)_random.NextInt64(), (ulong)_random.NextInt64()) : trace, QueueLoses ? 0 : send, Fulfilment, Consumer, "orders process", QueueLoses);
    }

    private ulong Exit((ulong, ulong) trace, ulong parent, PeerType type, string name, string system, string address, bool failed = false)
    {
        var key = $"{type} {name} {address}";
        if (!_edges.TryGetValue(key, out var edge))
        {
            _edges.Add(key, edge = Reports.Edge(Storefront, 0, 0, type, name, system, address));
        }

        edge.Calls++;
        edge.Buckets[1]++;
        edge.LastUnixNano = hub.Now;
        return Add(trace, parent, new SpanGroup { Service = Storefront, Kind = type == PeerType.Messaging ? Producer : Client, Operation = "call", PeerType = type, PeerName = name, PeerSystem = system, PeerAddress = address }, failed);
    }

    private ulong Span((ulong, ulong) trace, ulong parent, uint service, int kind, string operation, bool begun)
    {
        var key = $"{service} {kind} {operation}";
        if (!_red.TryGetValue(key, out var red))
        {
            _red.Add(key, red = Reports.Red(service, 0, 0, kind, operation: operation));
        }

        red.Calls++;
        red.Buckets[1]++;
        red.Begun += begun ? 1UL : 0;
        red.LastUnixNano = hub.Now;
        return Add(trace, parent, new SpanGroup { Service = service, Kind = kind, Operation = operation });
    }

    private ulong Add((ulong High, ulong Low) trace, ulong parent, SpanGroup group, bool failed = false)
    {
        group.Id = (uint)_batch.Groups.Count + 1;
        _batch.Groups.Add(group);
        _batch.Spans.Add(new SpanSkeleton
        {
            TraceHigh = trace.High, TraceLow = trace.Low, Span = ++_ids, Parent = parent, Group = group.Id, Flags = failed ? SkeletonFlags.Failed : SkeletonFlags.None, DurationNano = 1_000_000,
        });
        return _ids;
    }
}
