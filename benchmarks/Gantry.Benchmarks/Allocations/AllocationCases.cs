using System.Text;
using Gantry.Benchmarks.Scan;
using Gantry.Benchmarks.Workload;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Otlp.Json;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Wire;

namespace Gantry.Benchmarks.Allocations;

/// <summary>What each step allocates once it is warm. Bytes do not depend on the machine, so a file of the repository can hold them.</summary>
internal static class AllocationCases
{
    private const int WarmRuns = 30;

    /// <summary>Bytes allocated by case, rounded to a tenth.</summary>
    public static SortedDictionary<string, double> Measure()
    {
        // Always the generated traces: the recordings are not everywhere.
        var workload = TraceWorkload.Generate(50);
        var observer = new Observer(TimeProvider.System, shards: 1);
        var json = Json(480);
        using var writer = new ProtoWriter(1 << 20);
        var inventory = Inventory(200);
        var report = AgentReport(inventory.ToArray()).ToArray();
        return new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["scan, per request"] = PerRun(() => ScanBenchmark.Scan(workload)) / workload.Requests.Length,
            ["scan and RED, per request"] = PerRun(() => ScanBenchmark.Observe(workload, observer)) / workload.Requests.Length,
            ["scan and RED, per span"] = Math.Round(PerRun(() => ScanBenchmark.Observe(workload, observer)) / workload.Spans, 1),
            ["validate, per request"] = PerRun(() => Validate(workload)) / workload.Requests.Length,
            ["OTLP/JSON, per span"] = Math.Round(PerRun(() => Transcode(json, writer)) / 480, 1),
            ["inventory of 200 processes, written"] = PerRun(() => Write(inventory, writer)),
            ["inventory of 200 processes, read"] = PerRun(() => WireMessage.TryRead<ProcessInventory>(inventory.ToArray(), out _)) - PerRun(() => inventory.ToArray()),
            ["AgentToServer, read"] = PerRun(() => WireMessage.TryRead<AgentToServer>(report, out _)),
        };
    }

    private static double PerRun(Action action)
    {
        const int Runs = 10;
        for (var i = 0; i < WarmRuns; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
        {
            action();
        }

        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
    }

    private static void Validate(TraceWorkload workload)
    {
        foreach (var request in workload.Requests)
        {
            Require(SchemaValidator.IsValid(OtlpSchema.Traces, request));
        }
    }

    private static void Transcode(byte[] json, ProtoWriter writer)
    {
        writer.Clear();
        Require(OtlpJson.Transcode(OtlpSchema.Traces, json, writer) is null);
    }

    private static void Write(ProcessInventory inventory, ProtoWriter writer)
    {
        writer.Clear();
        inventory.WriteTo(writer);
    }

    private static void Require(bool held)
    {
        if (!held)
        {
            throw new BenchmarkException("wrong answer: a valid input was refused");
        }
    }

    private static byte[] Json(int spans)
    {
        const string Span = """
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173","name":"GET /product/{id}","kind":2,
             "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000","flags":257,"status":{},
             "attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"http.response.status_code","value":{"intValue":"200"}},
                           {"key":"url.path","value":{"stringValue":"/product/7"}},{"key":"server.address","value":{"stringValue":"shop.example"}}]}
            """;
        return Encoding.UTF8.GetBytes("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + string.Join(',', Enumerable.Repeat(Span, spans)) + "]}]}]}");
    }

    private static ProcessInventory Inventory(int processes)
    {
        var inventory = new ProcessInventory { HostId = "9f1c", HostName = "host-1", BootUnixNano = 1, ScannedUnixNano = 2 };
        for (var i = 0; i < processes; i++)
        {
            var process = new ProcessFact { Pid = (uint)i + 1, StartUnixNano = 3, Executable = "/usr/bin/node", DisplayName = $"server-{i}.js", Language = "nodejs", Owner = "app" };
            process.Listening.Add(new ListeningSocket { Address = "0.0.0.0", Port = 8080 });
            inventory.Processes.Add(process);
        }

        return inventory;
    }

    private static AgentToServer AgentReport(byte[] inventory)
    {
        var report = new AgentToServer
        {
            InstanceUid = new byte[16],
            SequenceNum = 7,
            Description = new(),
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth,
            Health = new() { Healthy = true, Status = "up" },
            CustomMessage = new() { Capability = ProcessInventory.Capability, Type = ProcessInventory.MessageType, Data = inventory },
        };
        report.Description.Identifying.Add(new KeyValue("service.name", "gantry-agent"));
        report.Description.NonIdentifying.Add(new KeyValue("host.name", "host-1"));
        return report;
    }
}
