using Gantry.Benchmarks.Agent;
using Gantry.Benchmarks.Allocations;
using Gantry.Benchmarks.Attach;
using Gantry.Benchmarks.Coverage;
using Gantry.Benchmarks.EndToEnd;
using Gantry.Benchmarks.Fleet;
using Gantry.Benchmarks.Overload;
using Gantry.Benchmarks.Scan;
using Gantry.Benchmarks.Servers;
using Gantry.Benchmarks.Steps;

namespace Gantry.Benchmarks;

/// <summary>Exit codes: 0 measured, and the answer was right; 1 it could not be measured or the answer was wrong; 2 not a benchmark.</summary>
internal static class Program
{
    private static readonly (string Name, string Line, Func<Arguments, Task<int>> Run)[] Benchmarks =
    [
        ("scan", "trace scan with RED against Google.Protobuf parsing the same bytes", arguments => Task.FromResult(ScanBenchmark.Run(arguments))),
        ("steps", "what each step of a request's way costs alone, per span and per megabyte; --rounds N (7)", arguments => Task.FromResult(StepsBenchmark.Run(arguments))),
        ("gateway", "whole programs, receive to forward: ours, a straightforward one, the floor; --seconds N (120), --rounds N (7)", GatewayBenchmark.RunAsync),
        ("overload", "three times the gateway's capacity offered: goodput, memory, refusals; --seconds N (60)", OverloadBenchmark.RunAsync),
        ("agent", "size, memory, CPU and start of the native agent, at rest; --seconds N (60)", AgentBenchmark.RunAsync),
        ("attach", "what attaching costs a .NET service, against the same service alone; --rounds N (15), --seconds N (1) for each turn; then 1000 attachings; --cycles N: only N attachings", AttachBenchmark.RunAsync),
        ("fleet", "real WebSocket agents against a hub: memory, push, idle CPU, return after kill -9; --agents N (15000), --seconds N (60); with --transport memory --agents 100000: growth", FleetBenchmark.RunAsync),
        ("coverage", "three real gateways that each see a random third of the spans, against brute force over all traces; pages at 2,000 services; --seconds N (60) of each load, --rounds N: only the first N workloads", CoverageBenchmark.RunAsync),
        ("allocations", "bytes allocated per case, to compare with benchmarks/allocations.json", arguments => Task.FromResult(AllocationsBenchmark.Run(arguments))),
    ];

    private static async Task<int> Main(string[] args)
    {
        if (args is [FloorServer.Verb])
        {
            return await FloorServer.RunAsync();
        }

        if (args is [] or ["--help" or "-h" or "help"])
        {
            Console.WriteLine("usage: ./bench <name> [--json] [--seconds N] [--rounds N] [--agents N] [--cycles N] [--transport websocket|memory]");
            foreach (var (name, line, _) in Benchmarks)
            {
                Console.WriteLine($"  {name,-12} {line}");
            }

            return 0;
        }

        var chosen = Array.Find(Benchmarks, item => item.Name == args[0]);
        if (chosen.Run is null || !Arguments.TryParse(args.AsSpan(1), out var arguments))
        {
            await Console.Error.WriteLineAsync(chosen.Run is null
                ? $"bench: \"{args[0]}\" is not a benchmark; there are: {string.Join(", ", Benchmarks.Select(item => item.Name))}"
                : $"bench: \"{string.Join(' ', args[1..])}\" is not understood; accepted: --json, --seconds N with N from 1 to 86400, --rounds N with N from 1 to 999, --agents N with N from 1 to 200000, --cycles N with N from 1 to 100000, --transport websocket or memory");
            return 2;
        }

        try
        {
            return await chosen.Run(arguments);
        }
        catch (BenchmarkException exception)
        {
            await Console.Error.WriteLineAsync($"bench: {exception.Message}");
            return 1;
        }
    }
}

/// <summary>It could not be measured, or the answer was wrong; the message is for the person who asked.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
