using System.Diagnostics;
using System.Globalization;
using Gantry.Protocol.Tests.Inventory;
using Gantry.Protocol.Tests.Messages;
using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Tests.Fuzz;

/// <summary>
/// 200,000 seeded inputs in every test run. GANTRY_FUZZ_SECONDS=600 goes on for that long per target, with inputs that no shorter run has seen.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Files => [.. Corpus.Files().Select(item => new TheoryDataRow<string, string>(item.Target, item.File))];

    [Fact]
    public void Traces() => Run(nameof(FuzzTargets.Traces), 90_000, ProtoMutator.Over<Theirs.ExportTraceServiceRequest>().Next);

    [Fact]
    public void Metrics() => Run(nameof(FuzzTargets.Metrics), 30_000, ProtoMutator.Over<Theirs.ExportMetricsServiceRequest>().Next);

    [Fact]
    public void Logs() => Run(nameof(FuzzTargets.Logs), 20_000, ProtoMutator.Over<Theirs.ExportLogsServiceRequest>().Next);

    [Fact]
    public void AgentToServer() => Run(nameof(FuzzTargets.AgentToServer), 25_000, ProtoMutator.Over<TheirOpAmp.AgentToServer>().Next);

    [Fact]
    public void ServerToAgent() => Run(nameof(FuzzTargets.ServerToAgent), 15_000, ProtoMutator.Over<TheirOpAmp.ServerToAgent>().Next);

    [Fact]
    public void Inventory() => Run(nameof(FuzzTargets.Inventory), 10_000, new ProtoMutator(
        [.. Enumerable.Range(0, 100).Select(seed => WireTree.Parse(ProcessInventoryTests.Random(new Random(seed)).ToArray(), null)).Where(tree => tree.Count > 0)]).Next);

    [Fact]
    public void OtlpJson() => Run(nameof(FuzzTargets.OtlpJson), 10_000, new JsonMutator().Next);

    [Fact]
    public void FleetGetConfig() => Run(nameof(FuzzTargets.FleetGetConfig), 10_000, ProtoMutator.Over<TheirFleet.GetConfigRequest>().Next);

    [Fact]
    public void FleetSyncPipelines() => Run(nameof(FuzzTargets.FleetSyncPipelines), 10_000, ProtoMutator.Over<TheirFleet.SyncPipelinesRequest>().Next);

    [Fact]
    public void FleetJson() => Run(nameof(FuzzTargets.FleetJson), 10_000, JsonMutator.OfFleet().Next);

    [Theory]
    [MemberData(nameof(Files))]
    public void Input_of_the_corpus_keeps_every_promise(string target, string file) =>
        FuzzTargets.All[target](File.ReadAllBytes(Path.Combine(Corpus.Folder, target, file)));

    private void Run(string name, int count, Func<Random, byte[]> next)
    {
        var target = FuzzTargets.All[name];
        var limit = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("GANTRY_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture));
        var clock = Stopwatch.StartNew();
        var accepted = 0;
        var inputs = 0;
        for (; inputs < count || clock.Elapsed < limit; inputs++)
        {
            var input = next(new Random(inputs));
            try
            {
                accepted += target(input) ? 1 : 0;
            }
            catch (Exception exception)
            {
                Assert.Fail($"input {inputs} of {name}, kept as {Corpus.Keep(name, input)}: {exception}");
            }
        }

        output.WriteLine($"{name}: {inputs} inputs, {100.0 * accepted / inputs:F1} % accepted, {(next.Target as ProtoMutator)?.Describe() ?? "JSON"}, {clock.Elapsed.TotalSeconds:F1} s");

        // Damage that nothing survives tests only the front door, damage that everything survives is none.
        Assert.InRange(accepted, inputs / 20, inputs * 19 / 20);
    }
}
