using System.Net;
using System.Text;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>Real processes, real runtimes, a real OTLP receiver.</summary>
public sealed class AttachTests
{
    [Fact]
    public async Task Red_equals_the_requests_that_were_sent()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        var before = await service.Client.GetAsync("/items/before");
        var fact = service.Fact();
        await scene.AttachAsync(fact);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => service.Client.GetAsync($"/items/{i}")));
        await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => service.Client.GetAsync("/status/503")));
        var failed = await service.Client.GetAsync("/fail");
        var missing = await service.Client.GetAsync("/nowhere");
        await Eventually.True(() => scene.Instrumenter.StatusOf(fact)!.State == InstrumentationState.Observed, "its data is forwarded");
        await scene.DetachAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.NotFound), (before.StatusCode, failed.StatusCode, missing.StatusCode));
        var requests = scene.Requests();
        Assert.Equal(
            [("GET  404", 1UL), ("GET /fail 500", 1UL), ("GET /items/{id} 200", 40UL), ("GET /status/{code:int} 503", 7UL)],
            requests.Select(item => (item.Key, item.Value.Count)).OrderBy(item => item.Key, StringComparer.Ordinal));
        Assert.All(requests.Values, point => Assert.Equal(point.Count, point.BucketCounts.Aggregate(0UL, (a, b) => a + b)));
        Assert.All(requests.Values, point => Assert.True(point.StartTimeUnixNano > fact.StartUnixNano && point.StartTimeUnixNano < point.TimeUnixNano));
        Assert.Equal("System.InvalidOperationException", AttachScene.Text(requests["GET /fail 500"].Attributes, "error.type"));
        Assert.Null(scene.Instrumenter.StatusOf(fact));
    }

    [Fact]
    public async Task Spans_of_two_services_and_their_caller_are_one_trace()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        const string Caller = "b7ad6b7169203331";
        using var front = await AttachedService.StartAsync();
        using var back = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        await scene.AttachAsync(front.Fact("front"), back.Fact("back"));

        var url = Uri.EscapeDataString($"{back.Client.BaseAddress}items/42?token=hunter2");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/call?url={url}");
        request.Headers.Add("traceparent", $"00-{Trace}-{Caller}-01");
        request.Headers.Add("tracestate", "shop=1");
        var answer = await front.Client.SendAsync(request);
        await scene.DetachAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var spans = scene.Spans().Where(item => Convert.ToHexStringLower(item.Span.TraceId.Span) == Trace).ToList();
        Assert.Equal(3, spans.Count);
        var (_, server) = spans.Single(item => item.Service == "front" && item.Span.Kind == 2);
        var (_, client) = spans.Single(item => item.Service == "front" && item.Span.Kind == 3);
        var (_, next) = spans.Single(item => item.Service == "back");
        Assert.Equal(Caller, Convert.ToHexStringLower(server.ParentSpanId.Span));
        Assert.Equal((server.SpanId, client.SpanId), (client.ParentSpanId, next.ParentSpanId));
        Assert.Equal(("GET /call", "GET", "GET /items/{id}"), (server.Name, client.Name, next.Name));
        Assert.Equal(("shop=1", 0x301u, 0x101u), (server.TraceState, server.Flags, client.Flags));
        Assert.Equal(
            ("GET", "/items/42", "/items/{id}", "http", "200", "1.1", $"{back.Client.BaseAddress!.Port}"),
            (Of(next, "http.request.method"), Of(next, "url.path"), Of(next, "http.route"), Of(next, "url.scheme"), Of(next, "http.response.status_code"), Of(next, "network.protocol.version"), Of(next, "server.port")));
        Assert.Equal($"{back.Client.BaseAddress}items/42", Of(client, "url.full"));
        // One clock: what is inside began later and ended earlier.
        Assert.True(server.StartTimeUnixNano <= client.StartTimeUnixNano && client.StartTimeUnixNano <= next.StartTimeUnixNano);
        Assert.True(server.EndTimeUnixNano >= client.EndTimeUnixNano && client.EndTimeUnixNano >= next.StartTimeUnixNano && next.EndTimeUnixNano > next.StartTimeUnixNano);
        Assert.All(scene.Sink.Requests, item => Assert.DoesNotContain("hunter2", Encoding.Latin1.GetString(item.Body), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_requests_are_spans_with_an_error_and_unsampled_callers_get_one_too()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        await scene.AttachAsync(service.Fact());

        await service.Client.GetAsync("/fail");
        await service.Client.GetAsync("/status/404");
        await service.Client.GetAsync("/shop/books/a/b,c=d");
        await scene.DetachAsync();

        var spans = scene.Spans().ToDictionary(item => item.Span.Name, item => item.Span);
        Assert.Equal(["GET /fail", "GET /shop/{category}/{**rest}", "GET /status/{code:int}"], spans.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((2, "500", "500"), (spans["GET /fail"].Status.Code, Of(spans["GET /fail"], "http.response.status_code"), Of(spans["GET /fail"], "error.type")));
        Assert.Null(spans["GET /status/{code:int}"].Status);
        Assert.All(spans.Values, span => Assert.Empty(span.ParentSpanId));
    }

    [Fact]
    public async Task Detaching_leaves_the_process_as_it_was()
    {
        using var service = await AttachedService.StartAsync();
        // The first time a runtime makes threads for sessions which it keeps.
        await CycleAsync(service);
        var (files, threads, start) = (service.Count("fd"), service.Count("task"), service.Fact().StartUnixNano);

        for (var i = 0; i < 3; i++)
        {
            await CycleAsync(service);
        }

        await Eventually.True(() => service.Count("fd") <= files, $"no more than {files} open descriptors, as before");
        await Eventually.True(() => service.Count("task") <= threads, $"no more than {threads} threads, as before");
        Assert.Equal(start, service.Fact().StartUnixNano);
        Assert.Equal("ok", await service.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_plan_that_says_the_same_keeps_the_session_and_another_name_opens_a_new_one()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        scene.Want(service.Fact());
        var session = Assert.Single(scene.Instrumenter.Attached);

        scene.Want(service.Fact());
        Assert.Same(session, Assert.Single(scene.Instrumenter.Attached));

        scene.Instrumenter.Want(InstrumentationPlan.Nothing, [new Target(service.Fact(), new InstrumentationRule("test/other", RuleAction.Allow, new ProcessMatch(), Service: "new"), AttachInstrumenter.Method)]);
        Assert.NotSame(session, Assert.Single(scene.Instrumenter.Attached));
    }

    [Fact]
    public async Task A_new_session_is_opened_when_the_old_one_has_ended()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        await scene.AttachAsync(service.Fact());

        scene.Instrumenter.Want(InstrumentationPlan.Nothing, [new Target(service.Fact(), new InstrumentationRule("test/other", RuleAction.Allow, new ProcessMatch(), Service: "new"), AttachInstrumenter.Method)]);
        await Eventually.True(() => scene.Log.Count("Attached") == 2, "it is attached to by its new name");
        scene.Want();
        scene.Want(service.Fact());
        await Eventually.True(() => scene.Log.Count("Attached") == 3, "it is attached to again");

        Assert.Equal(["Attached", "Detached", "Attached", "Detached", "Attached"], scene.Log.Entries.Select(entry => entry.Event).Where(name => name is "Attached" or "Detached"));
    }

    [Fact]
    public async Task A_tick_that_fails_ends_its_session_and_not_the_tick()
    {
        using var service = await AttachedService.StartAsync();
        var time = new FailingTime();
        await using var scene = await AttachScene.StartAsync(time: time);
        var fact = service.Fact();
        await scene.AttachAsync(fact);

        FailingTime.Fails = true;
        scene.Instrumenter.Tick();
        FailingTime.Fails = false;

        await Eventually.True(() => scene.Log.Count("AttachFailed") == 1, "the session is ended");
        Assert.Contains(scene.Log.Entries, entry => entry.Text.Contains("what it told could not be sent: InvalidOperationException", StringComparison.Ordinal));
        await Eventually.True(() => scene.Log.Count("Attached") == 2, "it is attached to again");
    }

    [Fact]
    public async Task A_process_that_ends_is_let_go_with_what_it_had_said()
    {
        var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        var fact = service.Fact();
        await scene.AttachAsync(fact);

        service.Dispose();

        await Eventually.True(() => scene.Instrumenter.StatusOf(fact)!.State == InstrumentationState.Blocked, "the end of the process is seen");
        Assert.Equal(InstrumentationReasons.Failed, scene.Instrumenter.StatusOf(fact)!.Reason);
    }

    [Fact]
    public async Task A_reused_pid_is_not_attached_to()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        var fact = service.Fact();
        fact.StartUnixNano -= 1_000_000_000;

        scene.Want(fact);

        await Eventually.True(() => scene.Instrumenter.StatusOf(fact)!.State == InstrumentationState.Blocked, "it is blocked");
        Assert.Contains("its pid was reused", scene.Instrumenter.StatusOf(fact)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_guard_does_not_allow_is_not_touched_and_says_what_would()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync(Guard.Closed);
        var fact = service.Fact();

        scene.Want(fact);

        var status = scene.Instrumenter.StatusOf(fact)!;
        Assert.Equal((InstrumentationState.Blocked, InstrumentationReasons.Guard), (status.State, status.Reason));
        Assert.Contains("'allow attach /usr/bin/dotnet'", status.Message, StringComparison.Ordinal);
        Assert.Empty(scene.Instrumenter.Attached);
    }

    [Fact]
    public async Task An_old_runtime_is_refused_by_its_version()
    {
        await using var scene = await AttachScene.StartAsync();
        var fact = new ProcessFact { Pid = 1, StartUnixNano = 1, RuntimeVersion = "6.0.36" };

        scene.Want(fact);

        Assert.Equal((InstrumentationState.Blocked, InstrumentationReasons.UnsupportedVersion), (scene.Instrumenter.StatusOf(fact)!.State, scene.Instrumenter.StatusOf(fact)!.Reason));
    }

    [Fact]
    public async Task A_process_without_a_port_says_how_it_was_started()
    {
        using var service = await AttachedService.StartAsync(("DOTNET_EnableDiagnostics", "0"));
        await using var scene = await AttachScene.StartAsync();
        var fact = service.Fact();

        scene.Want(fact);

        await Eventually.True(() => scene.Instrumenter.StatusOf(fact)!.State == InstrumentationState.Blocked, "it is blocked");
        Assert.Contains("DOTNET_EnableDiagnostics=0", scene.Instrumenter.StatusOf(fact)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_temporary_folder_of_its_own_is_found()
    {
        var folder = Directory.CreateTempSubdirectory("gantry-").FullName;
        using var service = await AttachedService.StartAsync(("TMPDIR", folder));
        await using var scene = await AttachScene.StartAsync();

        await scene.AttachAsync(service.Fact());

        Assert.NotEmpty(Directory.GetFiles(folder, "dotnet-diagnostic-*"));
        service.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Another_tool_that_listens_already_is_joined_with_its_settings()
    {
        using var service = await AttachedService.StartAsync();
        await using var scene = await AttachScene.StartAsync();
        var fact = service.Fact();
        using var proc = new ProcFiles("/proc");
        var path = DiagnosticPort.Find(proc, fact, BootTime.ReadUnixNano(proc));
        // As dotnet-counters asks by default.
        var theirs = new MeterArguments("another tool", Seconds: 0.5, MaxTimeSeries: 1000, MaxHistograms: 10);
        using var other = await TracingSession.OpenAsync(path, service.Pid, new TracingRequest(1, [theirs.ToProvider()]), TimeProvider.System, TestContext.Current.CancellationToken);

        await scene.AttachAsync(fact);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => service.Client.GetAsync($"/items/{i}")));
        await scene.DetachAsync();

        Assert.Equal(20UL, scene.Requests()["GET /items/{id} 200"].Count);
    }

    private static async Task CycleAsync(AttachedService service)
    {
        await using var scene = await AttachScene.StartAsync();
        await scene.AttachAsync(service.Fact());
        await service.Client.GetAsync("/items/1");
        await scene.DetachAsync();
    }

    /// <summary>Fails where it is told to, on this thread alone.</summary>
    private sealed class FailingTime : TimeProvider
    {
        [ThreadStatic]
        private static bool _fails;

        public static bool Fails
        {
            set => _fails = value;
        }

        public override long GetTimestamp() => _fails ? throw new InvalidOperationException("on purpose") : base.GetTimestamp();
    }

    private static string Of(Theirs.Span span, string key) => AttachScene.Text(span.Attributes, key);
}
