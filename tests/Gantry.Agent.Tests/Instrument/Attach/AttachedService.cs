using System.Globalization;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Tests.Processes;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>A real service of ASP.NET Core that knows nothing of telemetry, in a process of its own.</summary>
internal sealed class AttachedService : IDisposable
{
    private readonly ChildProcess _process;
    private bool _isOver;

    private AttachedService(ChildProcess process, string folder)
    {
        _process = process;
        Folder = folder;
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(process.Line) };
    }

    public HttpClient Client { get; }

    public string Folder { get; }

    public int Pid => _process.Id;

    public ProcessFact Fact(string service = "shop")
    {
        using var proc = new ProcFiles("/proc");
        return new ProcessFact
        {
            Pid = (uint)Pid,
            StartUnixNano = BootTime.ReadUnixNano(proc) + (DiagnosticPort.StartTicks(proc, Pid) * 10_000_000),
            Executable = "/usr/bin/dotnet",
            DeclaredService = service,
            Language = "dotnet",
        };
    }

    public int Count(string folder) => Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/{folder}")).Count();

    public static async Task<AttachedService> StartAsync(params (string Key, string Value)[] environment)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.Combine(Repository.Root, "artifacts", "bin", "Gantry.AttachTarget", configuration);
        return new AttachedService(await ChildProcess.StartAsync("dotnet", ["Gantry.AttachTarget.dll"], folder, environment), folder);
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            Client.Dispose();
            var sockets = Directory.GetFiles(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{Pid}-*"));
            _process.Dispose();
            // A process that is killed leaves its socket behind.
            Array.ForEach(sockets, File.Delete);
        }
    }
}

/// <summary>An instrumenter whose gateway keeps what it gets.</summary>
internal sealed class AttachScene : IAsyncDisposable
{
    private static readonly InstrumentationRule Rule = new("test/rule", RuleAction.Allow, new ProcessMatch());

    private readonly PeriodicTimer _second = new(TimeSpan.FromSeconds(1), TimeProvider.System);
    private readonly Task _ticking;

    private AttachScene(OtlpSink sink, Guard guard, TimeProvider time)
    {
        Sink = sink;
        using var proc = new ProcFiles("/proc");
        var host = new HostIdentity("host-1", "machine", "amd64", "", "");
        Instrumenter = new AttachInstrumenter("/proc", BootTime.ReadUnixNano(proc), host, sink.Address, guard, time, Log, new AttachSettings { ExportEvery = TimeSpan.FromSeconds(1) });
        _ticking = TickAsync();
    }

    public OtlpSink Sink { get; }

    public RecordedLog Log { get; } = new();

    public AttachInstrumenter Instrumenter { get; }

    public static async Task<AttachScene> StartAsync(Guard? guard = null, TimeProvider? time = null) =>
        new(await OtlpSink.StartAsync(), guard ?? Guard.Allowing(GuardedAction.Attach), time ?? TimeProvider.System);

    public void Want(params ProcessFact[] processes) =>
        Instrumenter.Want(InstrumentationPlan.Nothing, [.. processes.Select(process => new Target(process, Rule, AttachInstrumenter.Method))]);

    /// <summary>Attaches, and waits until meters have told something: from then on every request is seen.</summary>
    public async Task AttachAsync(params ProcessFact[] processes)
    {
        Want(processes);
        await Eventually.True(
            () => processes.All(process => Metrics().Any(metric => metric.Pid == process.Pid && metric.Metric.Name == "dotnet.process.memory.working_set")),
            "the runtime's meters arrive at the gateway");
    }

    /// <summary>Detaches from all, and waits until that is done.</summary>
    public async Task DetachAsync() => await Instrumenter.DisposeAsync();

    public IEnumerable<(long Pid, Theirs.Metric Metric)> Metrics() =>
        from request in Sink.Requests
        where request.Path == "/v1/metrics"
        from resource in Theirs.ExportMetricsServiceRequest.Parser.ParseFrom(request.Body).ResourceMetrics
        let pid = resource.Resource.Attributes.Single(item => item.Key == "process.pid").Value.IntValue
        from scope in resource.ScopeMetrics
        from metric in scope.Metrics
        select (pid, metric);

    /// <summary>The newest point of each series of a histogram, by "GET /items/{id} 200".</summary>
    public Dictionary<string, Theirs.HistogramDataPoint> Requests()
    {
        var newest = new Dictionary<string, Theirs.HistogramDataPoint>();
        foreach (var point in Metrics().Where(item => item.Metric.Name == "http.server.request.duration").SelectMany(item => item.Metric.Histogram.DataPoints))
        {
            newest[$"{Text(point.Attributes, "http.request.method")} {Text(point.Attributes, "http.route")} {Text(point.Attributes, "http.response.status_code")}"] = point;
        }

        return newest;
    }

    public List<(string Service, Theirs.Span Span)> Spans() =>
    [
        .. from request in Sink.Requests
           where request.Path == "/v1/traces"
           from resource in Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request.Body).ResourceSpans
           let service = Text(resource.Resource.Attributes, "service.name")
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select (service, span),
    ];

    public static string Text(IEnumerable<Theirs.KeyValue> attributes, string key) =>
        attributes.SingleOrDefault(item => item.Key == key)?.Value is not { } value ? ""
        : value.HasIntValue ? value.IntValue.ToString(CultureInfo.InvariantCulture)
        : value.StringValue;

    public async ValueTask DisposeAsync()
    {
        _second.Dispose();
        await _ticking;
        await Instrumenter.DisposeAsync();
        await Sink.DisposeAsync();
    }

    private async Task TickAsync()
    {
        while (await _second.WaitForNextTickAsync())
        {
            Instrumenter.Tick();
        }
    }
}
