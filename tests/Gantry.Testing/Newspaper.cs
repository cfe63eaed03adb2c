using Gantry.Estate.Ladder;
using Gantry.Estate.Use;
using Gantry.Hub.Coverage;

namespace Gantry.Testing;

/// <summary>
/// A lifelike estate to look at: a newspaper with 26 services on 7 hosts, over all rungs, with a spike, a gap, a host that went silent and
/// processes that nobody instrumented.
/// </summary>
public static class Newspaper
{
    private static readonly string[] Capabilities =
        ["ReportsStatus", "AcceptsRemoteConfig", "ReportsEffectiveConfig", "ReportsHealth", "ReportsRemoteConfig", "ReportsHeartbeat", "ReportsOwnMetrics", "AcceptsRestartCommand"];

    private sealed record Spec(string Name, string Namespace, int Rung, string Language, string Host, uint Pid, ushort Port, double Rate = 0, double Errors = 0, double P50 = 0, bool Stale = false, string Unit = "", string Container = "");

    private static readonly Spec[] Specs =
    [
        new("article-api", "reading", 4, "dotnet", "web-01", 2114, 8080, 412, 0.0021, 0.018, Container: "3f9c2a17be01c4"),
        new("paywall", "subscriptions", 4, "go", "web-02", 1873, 8081, 388, 0.0004, 0.0041, Container: "a81b77e0d2c9f1"),
        new("frontpage", "reading", 3, "nodejs", "web-01", 2240, 3000, 231, 0.0012, 0.046, Container: "c0de41f7a9b352"),
        new("checkout", "subscriptions", 3, "java", "app-01", 3120, 8443, 18.4, 0.071, 0.142, Unit: "checkout.service"),
        new("identity", "platform", 3, "java", "app-01", 3055, 9000, 96.2, 0.0031, 0.022, Unit: "identity.service"),
        new("search", "reading", 3, "java", "app-02", 4410, 9200, 57.3, 0.0006, 0.064, Unit: "search.service"),
        new("recommendations", "reading", 3, "python", "app-02", 4522, 8000, 44.8, 0.0127, 0.188, Container: "77ab0c19ee5d20"),
        new("image-resizer", "media", 3, "go", "web-02", 1911, 8090, 122, 0, 0.031, Container: "b4419d0c7a62e8"),
        new("comments", "community", 3, "ruby", "app-03", 5120, 3001, 9.6, 0.0152, 0.093, Unit: "comments.service"),
        new("push-gateway", "reach", 3, "erlang", "app-03", 5201, 5222, 240, 0.0002, 0.0019, Unit: "push.service"),
        new("newsletter", "reach", 2, "dotnet", "app-01", 3308, 8085, 2.1, 0, 0.27, Unit: "newsletter.service"),
        new("ads-decision", "commerce", 2, "nodejs", "web-02", 2007, 3100, 318, 0.0009, 0.011, Container: "19ce770b3d4fa6"),
        new("consent", "platform", 2, "dotnet", "web-01", 2391, 8086, 61.5, 0.0001, 0.0062, Container: "e2f80a6617cd3b"),
        new("geo-lookup", "platform", 2, "rust", "web-02", 2055, 8087, 402, 0, 0.00072, Container: "5ad2c1ff08e947"),
        new("feed-export", "partners", 2, "php", "app-03", 5330, 8088, 0.42, 0.024, 0.61, Unit: "php-fpm.service"),
        new("archive-search", "reading", 2, "java", "app-02", 4630, 9201, 3.7, 0.0044, 0.33, Unit: "archive.service"),
        new("weather", "reading", 2, "python", "app-02", 4701, 8001, 12.9, 0.0008, 0.038, Stale: false, Container: "01fe88aa3c6b7d"),
        new("video-transcode", "media", 1, "cpp", "app-03", 5402, 0, Unit: "transcode@2.service"),
        new("print-planning", "print", 1, "dotnet", "app-01", 3512, 8089, Stale: true, Unit: "planning.service"),
        new("cache-warmer", "reading", 1, "go", "web-01", 2466, 0, Container: "6c0a9b45d1e782"),
        new("billing-batch", "subscriptions", 0, "java", "app-01", 3601, 8444, Unit: "billing.service"),
        new("cms", "newsroom", 0, "java", "app-03", 5510, 8082, Unit: "tomcat9.service"),
        new("crossword", "community", 0, "php", "app-03", 5611, 80, Unit: "apache2.service"),
        new("legacy-login", "platform", 0, "", "db-01", 811, 389, Unit: "slapd.service"),
        new("postgres", "", 0, "", "db-01", 702, 5432, Unit: "postgresql@15-main.service"),
        new("redis", "", 0, "", "db-01", 640, 6379, Unit: "redis-server.service"),
    ];

    public static FakeEstate Create(DateTimeOffset now) => new(Snapshot(now))
    {
        Use = (host, span) => Use(host, span, now),
        Red = (service, span) => Red(service, span, now),
        OperationRedOf = (service, _, span) => Red(service, span, now),
        OperationsOf = service => Operations(service, now),
        NeighboursOf = service => Neighbours(service, now),
    };

    public static EstateSnapshot Snapshot(DateTimeOffset now)
    {
        var services = Specs.Select(spec => Service(spec, now)).ToArray();
        string[] names = ["web-01", "web-02", "app-01", "app-02", "app-03", "db-01", "edge-ams-1"];
        var hosts = names.Select(name => Host(name, services, now)).ToArray();
        var agents = names.Take(6).Select((name, i) => Agent(name, i, now)).Append(Collector(now)).ToArray();
        return Estates.WithJourneys(Estates.Of(now, hosts, services, agents, Attention(now), new Step(
            "Instrument billing-batch on app-01",
            "It is a Java process that listens and sends nothing, and it is on the way of “buy a subscription”, the only journey with a gap. No code change: the injector takes effect at its next restart.",
            "gantry instrument billing-batch --method injector --host app-01",
            "/services/billing-batch")) with { Edges = NewspaperEdges.Edges(services, now), Findings = NewspaperEdges.Findings(now), Sampling = NewspaperSampling.View(now) }, NewspaperJourneys.All(now));
    }

    private static Attention[] Attention(DateTimeOffset now) =>
    [
        new("high", "checkout fails 7.1 % of its requests", "18 req/s on app-01; it was below 0.5 % until 14 minutes ago.", "/services/checkout", now.AddMinutes(-14)),
        new("high", "edge-ams-1 has been silent", "Its last metric is 23 minutes old. Its collector disconnected at the same time.", "/hosts/edge-ams-1", now.AddMinutes(-23)),
        new("medium", "print-planning stopped sending", "It stood on rung 2 until its last deploy; its process runs.", "/services/print-planning", now.AddHours(-5)),
        new("medium", "The disk of db-01 is 93 % full", "At the rate of the last day it is full in 4 days.", "/hosts/db-01", now.AddHours(-31)),
        new("low", "Six processes listen in the dark", "billing-batch, cms, crossword, legacy-login, postgres and redis send nothing.", "/services?show=dark", now.AddDays(-6)),
    ];

    private static ServiceRow Service(Spec spec, DateTimeOffset now)
    {
        var seen = spec.Stale ? now.AddHours(-5) : now.AddSeconds(-2 - (spec.Pid % 9));
        var telemetry = spec.Rung >= 2 || spec.Stale || (spec.Rung == 1 && spec.Language == "go");
        return new ServiceRow(
            spec.Name, spec.Name, spec.Namespace, spec.Namespace.Length > 0 ? "production" : "", spec.Rung, spec.Rung == 0, spec.Stale, spec.Language, Rule(spec.Language), Version(spec.Language),
            telemetry ? Instrumentation(spec.Language) : "", telemetry ? "host.id and process.pid" : "", spec.Rung == 0 ? null : seen,
            spec.Rung >= 2 ? new RedNow(spec.Rate, spec.Errors, spec.P50, spec.P50 * 3.1, spec.P50 * 7.4, spec.Language == "rust" ? "metrics" : "spans", seen) : null,
            (ulong)(spec.Rate * 86_000), Evidence(spec, seen), [Process(spec, now)],
            spec.Rung is 4 or 3 ? null : Next(spec));
    }

    private static Step Next(Spec spec) => spec.Rung switch
    {
        2 => new Step($"Propagate the trace context through {spec.Name}", "Its spans start new traces: the caller's traceparent header is not taken over. The injector's newest version does it for this framework.", $"gantry instrument {spec.Name} --method injector", "/services/" + spec.Name),
        1 => new Step($"Instrument {spec.Name}", "Its host is measured. Its own requests are not.", $"gantry instrument {spec.Name} --method obi", "/services/" + spec.Name),
        _ => new Step($"Instrument {spec.Name}", "It listens and sends nothing.", $"gantry instrument {spec.Name} --method {(spec.Language is "java" or "dotnet" ? "injector" : "obi")}", "/services/" + spec.Name),
    };

    private static EvidenceRow[] Evidence(Spec spec, DateTimeOffset seen) =>
    [
        .. Ladder.Service.Select(requirement =>
        {
            var rung = (int)requirement.Rung;
            var was = spec.Stale && rung == 2;
            var met = spec.Rung >= rung;
            return new EvidenceRow(requirement.Id, requirement.Title, requirement.Meaning, rung, met ? "fresh" : was ? "stale" : "missing", met || was ? seen : null,
                !met && !was ? "" : rung switch { 2 when spec.Language == "rust" => "http.server.request.duration", 2 => $"SERVER spans of {spec.Name}", 3 => $"parent span of frontpage in 1,204 traces", _ => "scope shop.paywall 3.2.0" });
        }),
    ];

    private static ProcessRow Process(Spec spec, DateTimeOffset now) => new(
        spec.Host, spec.Host, spec.Pid, now.AddHours(-(spec.Pid % 400)), spec.Language switch { "java" => "java", "dotnet" => "dotnet", "nodejs" => "node", "python" => "gunicorn", "" => spec.Name, _ => spec.Name },
        spec.Language switch { "java" => "/usr/lib/jvm/java-21-openjdk-amd64/bin/java", "dotnet" => "/usr/share/dotnet/dotnet", "nodejs" => "/usr/bin/node", _ => $"/opt/{spec.Name}/bin/{spec.Name}" },
        spec.Unit.Length > 0 ? "www" : "root", spec.Language, Rule(spec.Language), Version(spec.Language),
        spec.Port == 0 ? [] : [$"0.0.0.0:{spec.Port}"], spec.Unit, spec.Container);

    private static string Rule(string language) => language switch
    {
        "java" => "libjvm.so is mapped",
        "dotnet" => "libcoreclr.so is mapped",
        "nodejs" => "the executable is node",
        "python" => "libpython3.11.so is mapped",
        "go" => "the executable has a .go.buildinfo section",
        "ruby" => "libruby.so is mapped",
        "php" => "the executable is php-fpm",
        "rust" => "the executable has rustc in its .comment section",
        "erlang" => "the executable is beam.smp",
        "cpp" => "libstdc++.so is mapped, and nothing more specific",
        _ => "",
    };

    private static string Version(string language) => language switch
    {
        "java" => "21.0.4", "dotnet" => "10.0.0", "nodejs" => "22.11.0", "python" => "3.11.2", "go" => "1.24.1", "ruby" => "3.3.5", "php" => "8.2.24", "erlang" => "27.1", _ => "",
    };

    private static string Instrumentation(string language) => language switch
    {
        "java" => "opentelemetry-java-instrumentation 2.21.0",
        "dotnet" => "opentelemetry-dotnet-instrumentation 1.13.0",
        "nodejs" => "opentelemetry-js 2.2.0",
        "python" => "opentelemetry-python 1.38.0",
        "go" => "opentelemetry-ebpf-instrumentation 0.4.0",
        "ruby" => "opentelemetry-ruby 1.10.0",
        "php" => "opentelemetry-php 1.7.0",
        "rust" => "opentelemetry-rust 0.31.0",
        "erlang" => "opentelemetry-erlang 1.6.0",
        _ => "opentelemetry-ebpf-instrumentation 0.4.0",
    };

    private static HostRow Host(string name, ServiceRow[] services, DateTimeOffset now)
    {
        var silent = name == "edge-ams-1";
        var mine = services.Where(service => service.Processes.Any(process => process.HostId == name)).ToArray();
        var seen = silent ? now.AddMinutes(-23) : now.AddSeconds(-3 - name[0] % 5);
        var use = Use(name, TimeSpan.FromHours(1), now);
        return new HostRow(
            name, name, silent ? 0 : 1, silent, silent ? "Alpine Linux 3.20" : "Debian GNU/Linux 12", name.StartsWith("web", StringComparison.Ordinal) ? "arm64" : "amd64",
            seen, use.Count > 0 ? use[^1] : null, HostEvidenceOf(silent, seen), silent ? null : AgentId(name), silent ? 0 : 118 + (name[^1] * 3), mine.Length, mine.Count(service => service.Dark),
            name == "db-01" ? "Pressure stall information is off in this kernel (psi=0): saturation is estimated from the run queue and major page faults." : "");
    }

    private static EvidenceRow[] HostEvidenceOf(bool silent, DateTimeOffset seen) =>
    [
        .. Ladder.Host.Select(requirement => new EvidenceRow(requirement.Id, requirement.Title, requirement.Meaning, 1, silent ? requirement.Id == HostEvidence.DiskErrors ? "missing" : "stale" : "fresh",
            silent && requirement.Id == HostEvidence.DiskErrors ? null : seen, requirement.Id switch
            {
                HostEvidence.CpuUtilization => "system.cpu.utilization",
                HostEvidence.CpuSaturation => "system.cpu.linux.pressure.stall_time",
                HostEvidence.MemoryUtilization => "system.memory.utilization",
                HostEvidence.MemorySaturation => "system.memory.linux.pressure.stall_time",
                HostEvidence.DiskActivity => "system.disk.io",
                HostEvidence.DiskErrors => silent ? "" : "system.disk.linux.errors",
                HostEvidence.NetworkActivity => "system.network.io",
                _ => "system.network.errors",
            })),
    ];

    private static string AgentId(string host) => $"0192f3a1-7c4e-7b{(byte)host[^1]:x2}-9d{(byte)host[0]:x2}-5e0c41d7aa{(byte)host[1]:x2}";

    private static AgentRow Agent(string host, int index, DateTimeOffset now) => new(
        AgentId(host), "gantry-agent", index == 4 ? "0.0.9" : "0.1.0", host, host, true, "websocket", now.AddSeconds(-1 - (index * 2)), index == 3 ? "unhealthy" : "healthy",
        index == 3 ? "collector exited with code 1: listen tcp 0.0.0.0:8888: bind: address already in use" : "", Capabilities,
        new Dictionary<string, string>
        {
            ["service.name"] = "gantry-agent",
            ["service.version"] = "0.1.0",
            ["service.instance.id"] = AgentId(host),
            ["host.name"] = host,
            ["host.id"] = "b1c2e7704b0a9f3d" + Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(host)),
            ["host.arch"] = host.StartsWith("web", StringComparison.Ordinal) ? "arm64" : "amd64",
            ["os.type"] = "linux",
            ["os.description"] = "Debian GNU/Linux 12 (bookworm), kernel 6.1.0-26",
        });

    private static AgentRow Collector(DateTimeOffset now) => new(
        "0192f3a1-8001-7aa0-8c11-000000000007", "otelcol-contrib", "0.139.0", "edge-ams-1", "edge-ams-1", false, "http", now.AddMinutes(-23), "unknown", "",
        ["ReportsStatus", "ReportsEffectiveConfig", "ReportsHealth"],
        new Dictionary<string, string> { ["service.name"] = "otelcol-contrib", ["service.version"] = "0.139.0", ["host.name"] = "edge-ams-1", ["os.type"] = "linux" });

    private static IReadOnlyList<OperationRow> Operations(string service, DateTimeOffset now)
    {
        var spec = Array.Find(Specs, spec => spec.Name == service);
        if (spec is null || spec.Rung < 2 || spec.Language == "rust")
        {
            return [];
        }

        (string Name, string Kind, double Share, double Errors, double Slow)[] shapes =
        [
            ("GET /articles/{id}", "SERVER", 0.61, 0.2, 0.7),
            ("POST /orders", "SERVER", 0.17, 4.1, 1.9),
            ("GET /sections/{section}", "SERVER", 0.14, 0.1, 1.1),
            ("SELECT articles", "CLIENT", 0.88, 0.1, 0.3),
            ("GET paywall /entitlements/{user}", "CLIENT", 0.59, 0.4, 0.4),
            ("orders publish", "PRODUCER", 0.16, 0, 0.2),
            ("render", "INTERNAL", 0.4, 0, 0.25),
        ];
        return
        [
            .. shapes.Select(shape => new OperationRow(shape.Name, shape.Kind, (ulong)(spec.Rate * 3_600 * shape.Share), (ulong)(spec.Rate * 3_600 * shape.Share * Math.Min(1, spec.Errors * shape.Errors)),
                spec.P50 * shape.Slow, spec.P50 * shape.Slow * 3.2, now.AddSeconds(-3))).OrderByDescending(row => row.Calls),
        ];
    }

    private static ServiceNeighbours Neighbours(string service, DateTimeOffset now)
    {
        var spec = Array.Find(Specs, spec => spec.Name == service);
        if (spec is null || spec.Rung < 3)
        {
            return new ServiceNeighbours([], []);
        }

        Neighbour To(string name, int seconds) => new(name, name, now.AddSeconds(-seconds));
        return service switch
        {
            "frontpage" => new([To("article-api", 2), To("recommendations", 3), To("identity", 9)], []),
            "checkout" => new([To("identity", 6), To("paywall", 4)], [To("frontpage", 5)]),
            _ => new([To("identity", 4), To("image-resizer", 2), To("paywall", 2), To("search", 8)], [To("frontpage", 2), To("push-gateway", 61)]),
        };
    }

    /// <summary>Ten-second points with a daily rhythm, a spike of errors fourteen minutes ago and a hole of four minutes.</summary>
    private static IReadOnlyList<RedPoint> Red(string service, TimeSpan span, DateTimeOffset now)
    {
        var spec = Array.Find(Specs, spec => spec.Name == service);
        if (spec is null || spec.Rung < 2)
        {
            return [];
        }

        var noise = new Random(service.Length * 7_919);
        var points = new List<RedPoint>();
        for (var at = Grid(now - span); at <= now; at = at.AddSeconds(10))
        {
            var back = (now - at).TotalMinutes;
            var wobble = 1 + (0.18 * Math.Sin(back / 7)) + (0.22 * Math.Sin(back / 221)) + (0.07 * (noise.NextDouble() - 0.5));
            var spike = Math.Exp(-Math.Pow((back - 11.5) / 2.4, 2));
            if (back is > 34 and < 38)
            {
                continue;
            }

            var rate = spec.Rate * wobble * (1 + (0.55 * spike));
            var errors = rate * Math.Min(1, (spec.Errors * (0.35 + (0.5 * noise.NextDouble()))) + (0.06 * spike));
            var slow = 1 + (1.9 * spike) + (0.16 * noise.NextDouble());
            points.Add(new RedPoint(at, rate, errors, spec.P50 * (0.9 + (0.2 * noise.NextDouble())), spec.P50 * 3.1 * slow, spec.P50 * 7.4 * slow * (0.85 + (0.3 * noise.NextDouble()))));
        }

        return points;
    }

    private static IReadOnlyList<UsePoint> Use(string host, TimeSpan span, DateTimeOffset now)
    {
        var noise = new Random(host[^1] * 104_729);
        var busy = host switch { "app-01" => 0.58, "app-02" => 0.71, "db-01" => 0.34, "web-01" => 0.42, "web-02" => 0.36, _ => 0.18 };
        var points = new List<UsePoint>();
        for (var at = Grid(now - span); at <= now; at = at.AddSeconds(10))
        {
            var back = (now - at).TotalMinutes;
            if (back is > 34 and < 38 || (host == "edge-ams-1" && back < 23))
            {
                continue;
            }

            var spike = host == "app-01" ? Math.Exp(-Math.Pow((back - 11.5) / 2.4, 2)) : 0;
            var cpu = Math.Clamp((busy * (1 + (0.2 * Math.Sin(back / 9)) + (0.16 * (noise.NextDouble() - 0.5)))) + (0.34 * spike), 0, 1);
            points.Add(new UsePoint(at)
            {
                CpuUtilization = cpu,
                CpuSaturation = Math.Max(0, ((cpu - 0.45) * 0.18) + (0.004 * noise.NextDouble()) + (0.19 * spike)),
                MemoryUtilization = Math.Clamp((busy * 0.7) + 0.28 + (0.015 * Math.Sin(back / 30)), 0, 1),
                MemorySaturation = host == "app-02" ? 0.02 * noise.NextDouble() : 0.0002 * noise.NextDouble(),
                MemoryErrors = 0,
                DiskBytes = 4e6 * (1 + noise.NextDouble()),
                DiskOperations = 120 * (1 + noise.NextDouble()),
                DiskUtilization = Math.Clamp((busy * 0.4) + (0.12 * noise.NextDouble()), 0, 1),
                FilesystemUtilization = host == "db-01" ? 0.93 : 0.41 + (busy * 0.2),
                DiskSaturation = 0.011 * (1 + noise.NextDouble()),
                DiskErrors = 0,
                NetworkBytesIn = 2.4e7 * busy * (1 + (0.3 * Math.Sin(back / 11)) + (0.1 * noise.NextDouble())),
                NetworkBytesOut = 6.1e7 * busy * (1 + (0.3 * Math.Sin(back / 11)) + (0.1 * noise.NextDouble())),
                NetworkErrors = 0,
                NetworkDropped = host == "app-01" && back is > 9 and < 14 ? 2.5 * noise.NextDouble() : 0,
            });
        }

        return points;
    }

    private static DateTimeOffset Grid(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
