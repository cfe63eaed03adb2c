using System.Text;
using System.Text.Json;
using Gantry.Agent.Host;
using Gantry.Agent.Network;
using Gantry.Agent.Processes;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Boot.Verbs;

/// <summary><c>gantry-agent network</c>: who talks to whom on this host, for a person or a script to read; nothing is sent.</summary>
internal static class NetworkVerb
{
    private const string Help = """
        gantry-agent network: who talks to whom, by service, without eBPF and without touching a process.

        usage: gantry-agent network [--once] [--for TIME] [--json]

          --once      look for one second, print, exit
          --for TIME  go on for so long, such as 30s or 10m                     until Ctrl+C
          --json      one JSON object a line and look, counters since the start

        A look every two seconds; connections that come and go between two looks are counted too.
        Bytes are payload, each once. Connections that were open before count from the first look on.
        A service is the declared service name, else the program's; an address stands where the other end is on another host.
        As root it names every process and enters every network namespace; what it may not see it says at the end.

        Try it:  gantry-agent network --once
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static AgentVerb Verb { get; } = new(
        "network", "[--once] [--for TIME] [--json]", "who talks to whom: bytes, connections, round-trip times, failures", Help, RunAsync);

    internal static async Task<int> RunAsync(VerbConsole console, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var limit = TimeSpan.MaxValue;
        var isOnce = false;
        var asJson = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--once":
                    isOnce = true;
                    break;
                case "--json":
                    asJson = true;
                    break;
                case "--for" when i + 1 < arguments.Count && CommandLine.TryParseTime(arguments[i + 1], out limit) && limit > TimeSpan.Zero:
                    i++;
                    break;
                case "--for":
                    return console.Fail("--for needs a time above 0, such as 30s or 10m");
                default:
                    return console.Fail($"'{arguments[i]}' is no option of network; gantry-agent network --help lists them");
            }
        }

        using var proc = new ProcFiles("/proc");
        using var etc = new ProcFiles("/etc");
        var scanner = new ProcessScanner(proc, etc);
        using var view = new NetworkView(proc, console.Time);
        var batch = new MetricBatch();
        var start = console.Time.GetTimestamp();
        Look(scanner, view, batch, console.Time);
        try
        {
            do
            {
                await Task.Delay(isOnce ? TimeSpan.FromSeconds(1) : Pause, console.Time, cancellation);
                Look(scanner, view, batch, console.Time);
                Print(console, view, asJson, isLive: !isOnce && !asJson);
            }
            while (!isOnce && console.Time.GetElapsedTime(start) < limit);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl+C is how a live table ends.
        }

        return 0;
    }

    private static void Look(ProcessScanner scanner, NetworkView view, MetricBatch batch, TimeProvider time)
    {
        scanner.Scan();
        batch.Restart(time.GetUtcNow().ToUnixNano());
        view.Sample(scanner.Processes, batch);
    }

    private static void Print(VerbConsole console, NetworkView view, bool asJson, bool isLive)
    {
        var rows = view.Table.Rows.Where(static row => row is { IsReported: true, Labels: not null })
            .OrderByDescending(static row => row.Out.Sent + row.Out.Received).ThenBy(static row => row.Key.Port).ToList();
        if (asJson)
        {
            console.Out.WriteLine(Json(rows, view));
            return;
        }

        if (isLive)
        {
            // Back to the top of an empty screen.
            console.Out.Write("\u001b[H\u001b[2J");
        }

        console.Out.WriteLine($"{"source",-28} {"destination",-34} {"seen by",-7} {"open",6} {"opened",8} {"failed",6} {"sent",9} {"received",9} {"rtt",9} {"again",5}");
        foreach (var row in rows)
        {
            // The client's row of the same host says it already.
            if (row.Key.Role == Role.Client || row.Peer == 0)
            {
                console.Out.WriteLine(Line(row));
            }
        }

        if (view.Table.OtherRows > 0)
        {
            console.Out.WriteLine($"and {view.Table.OtherRows} more pairs: {Size(view.Table.Other.Out.Sent)} sent, {Size(view.Table.Other.Out.Received)} received");
        }

        if (view.Limit.Length > 0)
        {
            console.Out.WriteLine($"limits: {view.Limit}");
        }
    }

    private static string Line(TrafficRow row)
    {
        var source = Label(row, "gantry.source.service", Label(row, "source.address", "an unknown process"));
        var port = Label(row, "destination.port", "");
        var destination = Label(row, "gantry.destination.service", Label(row, "destination.address", "an unknown process"));
        var rtt = row.Rtt > 0 ? $"{row.Rtt * 1000:0.00} ms" : "";
        return $"{Cut(source, 28),-28} {Cut($"{destination}:{port}", 34),-34} {(row.Key.Role == Role.Client ? "client" : "server"),-7} {row.Out.Active,6} {row.Out.Opened,8} "
            + $"{row.Out.Failed,6} {Size(row.Out.Sent),9} {Size(row.Out.Received),9} {rtt,9} {row.Out.Retransmits,5}";
    }

    private static string Json(List<TrafficRow> rows, NetworkView view)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (var row in rows)
            {
                WriteRow(json, row);
            }

            json.WriteEndArray();
            json.WriteNumber("otherRows", view.Table.OtherRows);
            json.WriteString("limits", view.Limit);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void WriteRow(Utf8JsonWriter json, TrafficRow row)
    {
        json.WriteStartObject();
        json.WriteStartObject("attributes");
        foreach (var tag in row.Labels!.Tags)
        {
            json.WriteString(tag.Key, tag.Value);
        }

        json.WriteEndObject();
        json.WriteNumber("sent", row.Out.Sent);
        json.WriteNumber("received", row.Out.Received);
        json.WriteNumber("opened", row.Out.Opened);
        json.WriteNumber("closed", row.Out.Closed);
        json.WriteNumber("active", row.Out.Active);
        json.WriteNumber("failed", row.Out.Failed);
        json.WriteNumber("retransmits", row.Out.Retransmits);
        json.WriteNumber("rttSeconds", row.Rtt);
        json.WriteEndObject();
    }

    private static string Label(TrafficRow row, string key, string otherwise)
    {
        foreach (var tag in row.Labels!.Tags)
        {
            if (tag.Key == key)
            {
                return tag.Value;
            }
        }

        return otherwise;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat("…", text.AsSpan(text.Length - length + 1));

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} B",
        < 10_000_000 => $"{bytes / 1e3:0} kB",
        < 10_000_000_000 => $"{bytes / 1e6:0} MB",
        _ => $"{bytes / 1e9:0} GB",
    };
}
