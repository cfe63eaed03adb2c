using System.Diagnostics;
using System.Net;
using System.Text;
using Gantry.Hub;
using Gantry.Hub.Journeys;
using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Coverage;

/// <summary>What one workload showed.</summary>
/// <param name="Chosen">Traces that the hub looked at whole.</param>
/// <param name="BrokenLinks">Links that lost a call, by brute force.</param>
/// <param name="BrokenLinkErrors">Links that one of the two names and the other does not, or for another reason.</param>
/// <param name="CompletenessError">Largest difference, over the journeys, between the share that the hub shows and the one that brute force finds on the same traces.</param>
/// <param name="OutsideInterval">Journeys whose share over all traces is outside the interval that the hub shows.</param>
/// <param name="Journeys">That were compared.</param>
internal sealed record CoverageResult(
    string Workload, int Services, int Spans, int Traces, int Chosen, int BrokenLinks, int BrokenLinkErrors, double CompletenessError, int OutsideInterval, int Journeys,
    double WidestInterval, long HubBytesPerService, double SnapshotMs, double PageRenderMs, string SlowestPage);

/// <summary>One workload, sent through three real gateways to a real hub of its own.</summary>
internal static class CoverageRound
{
    private const int Looks = 15;

    public static async Task<CoverageResult> RunAsync(CoverageWorkload workload, double spansPerSecond, TextWriter words)
    {
        var data = Directory.CreateTempSubdirectory("gantry-bench-coverage-");
        var recorder = new TraceRecorder();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var hub = new HubServer(
            new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = data.FullName }, logging => logging.SetMinimumLevel(LogLevel.Error), time: null,
            replace: services => services.AddSingleton<ITraceWatch>(recorder));
        await hub.StartAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = hub.Address };
            await DeclareAsync(http, workload);
            await using (var gateways = await ThreeGateways.StartAsync(hub.Address))
            {
                // What came before the hub was there for some seconds is not judged.
                await Task.Delay(TimeSpan.FromSeconds(13));
                words.WriteLine($"{workload.Source}: {workload.Traces.Sum(trace => trace.Length)} spans of {workload.Traces.Count} requests at {spansPerSecond:F0} a second …");
                await gateways.SendAsync(workload.Traces, spansPerSecond);
                await Task.Delay(TimeSpan.FromSeconds(14));
                await InventoryAsync(http, workload, 2);
                await Task.Delay(TimeSpan.FromSeconds(1));
                var result = await CompareAsync(hub, http, workload, recorder, words);
                var held = GC.GetTotalMemory(forceFullCollection: true) - before;
                return result with { HubBytesPerService = held / Math.Max(1, workload.Services.Count) };
            }
        }
        finally
        {
            await hub.StopAsync();
            await hub.DisposeAsync();
            data.Delete(recursive: true);
        }
    }

    private static async Task DeclareAsync(HttpClient http, CoverageWorkload workload)
    {
        foreach (var (service, operation) in workload.Entries)
        {
            var document = $"apiVersion: gantry/v1\nkind: Journey\nmetadata: {{name: {NameOf(service, operation)}}}\nspec: {{entry: {{service: {service}, operation: \"{operation}\"}}}}\n";
            using var answer = await http.PutAsync($"/api/v1/resources/journeys/{NameOf(service, operation)}", new StringContent(document, Encoding.UTF8, "application/yaml"));
            if (!answer.IsSuccessStatusCode)
            {
                throw new BenchmarkException($"journey: {await answer.Content.ReadAsStringAsync()}");
            }
        }

        await InventoryAsync(http, workload, 1);
    }

    /// <summary>An agent sees the dark services listen.</summary>
    private static async Task InventoryAsync(HttpClient http, CoverageWorkload workload, ulong sequence)
    {
        var inventory = new ProcessInventory { HostId = "h1", HostName = "h1" };
        inventory.Processes.AddRange(workload.Dark.Select((name, i) => new ProcessFact
        {
            Pid = (uint)i + 100, StartUnixNano = 1, DisplayName = name, Executable = $"/opt/{name}", Language = "java", LanguageRule = "benchmark", Listening = { new ListeningSocket { Address = "0.0.0.0", Port = (uint)i + 2000 } },
        }));
        var message = new AgentToServer
        {
            InstanceUid = Agent, SequenceNum = sequence, Capabilities = AgentCapabilities.ReportsStatus,
            Description = new AgentDescription { Identifying = { new KeyValue("service.name", "gantry-agent") }, NonIdentifying = { new KeyValue("host.id", "h1"), new KeyValue("host.name", "h1") } },
            CustomMessage = new CustomMessage { Capability = ProcessInventory.Capability, Type = ProcessInventory.MessageType, Data = inventory.ToArray() },
        };
        using var content = new ByteArrayContent(message.ToArray());
        content.Headers.ContentType = new("application/x-protobuf");
        using var answer = await http.PostAsync("/v1/opamp", content);
        answer.EnsureSuccessStatusCode();
    }

    private static readonly byte[] Agent = Guid.CreateVersion7().ToByteArray(bigEndian: true);

    private static async Task<CoverageResult> CompareAsync(HubServer hub, HttpClient http, CoverageWorkload workload, TraceRecorder recorder, TextWriter words)
    {
        var truth = new BruteForce(workload, workload.Traces);
        var lost = truth.LostLinks();
        var expected = workload.Planted.Where(planted => lost.Contains((planted.From, planted.To))).Select(planted => (planted.From, planted.To, planted.Code)).ToHashSet();
        if (!lost.SetEquals(expected.Select(item => (item.From, item.To))))
        {
            throw new BenchmarkException("the workload broke links that it does not know of");
        }

        var journeys = hub.Services.GetRequiredService<JourneyQueries>();
        var found = journeys.Breaks.Select(item => (item.From.Name, item.To.Name, item.Code)).ToHashSet();
        foreach (var wrong in found.Except(expected).Concat(expected.Except(found)).Take(10))
        {
            words.WriteLine($"  {(expected.Contains(wrong) ? "not found" : "not there")}: {wrong}");
        }

        HashSet<(ulong, ulong)> chosen;
        lock (recorder.Gate)
        {
            chosen = [.. recorder.Settled_NeedsLock];
        }

        var (error, outside, compared, widest) = (0.0, 0, 0, 0.0);
        foreach (var (entry, requests) in truth.Completeness())
        {
            var row = journeys.Find(NameOf(entry.Service, entry.Operation));
            var looked = requests.Where(request => chosen.Contains(request.Trace)).ToList();
            if (looked.Count == 0 || row?.Complete is not { } shown)
            {
                error = looked.Count > 0 ? 1 : error;
                continue;
            }

            compared++;
            var (here, all) = ((double)looked.Count(request => request.Complete) / looked.Count, (double)requests.Count(request => request.Complete) / requests.Count);
            error = Math.Max(error, Math.Abs(here - shown.Share));
            outside += all < shown.Low - 1e-9 || all > shown.High + 1e-9 ? 1 : 0;
            widest = Math.Max(widest, shown.High - shown.Low);
        }

        words.WriteLine($"  {chosen.Count} of {truth.Traces} traces were looked at whole; {found.Count} links break");
        var (render, page) = await RenderAsync(http, workload);
        return new CoverageResult(
            workload.Source, workload.Services.Count, workload.Traces.Sum(trace => trace.Length), truth.Traces, chosen.Count, expected.Count, found.Except(expected).Count() + expected.Except(found).Count(), error, outside, compared,
            Math.Round(widest, 3), 0, Snapshot(hub), render, page);
    }

    /// <summary>Half of the times that one page takes, with a snapshot of its own each; the slowest page.</summary>
    private static async Task<(double Ms, string Page)> RenderAsync(HttpClient http, CoverageWorkload workload)
    {
        var (slowest, page) = (0.0, "");
        foreach (var path in new[] { "/", "/services", "/journeys", $"/journeys/{NameOf(workload.Entries[0].Service, workload.Entries[0].Operation)}" })
        {
            var times = new List<double>();
            for (var i = 0; i < Looks; i++)
            {
                await Task.Delay(600);
                var began = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(path);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsStringAsync();
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            var median = times.Order().ElementAt(Looks / 2);
            (slowest, page) = median > slowest ? (median, path) : (slowest, page);
        }

        return (Math.Round(slowest, 1), page);
    }

    /// <summary>Estate and journeys put together once, half of the times.</summary>
    private static double Snapshot(HubServer hub)
    {
        var journeys = hub.Services.GetRequiredService<JourneyQueries>();
        var times = new List<double>();
        for (var i = 0; i < Looks; i++)
        {
            Thread.Sleep(600);
            var began = Stopwatch.GetTimestamp();
            _ = journeys.Current;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Math.Round(times.Order().ElementAt(Looks / 2), 1);
    }

    private static string NameOf(string service, string operation) =>
        string.Concat($"{service}-{operation}".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
}
