using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Conformance;

namespace Gantry.Cli.Conformance;

/// <summary><c>gantry conformance</c>: whether a server, anybody's, keeps to its protocol.</summary>
internal static class ConformanceCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create(CliContext context)
    {
        var conformance = new Verb("conformance", "Check whether a server keeps to its protocol", context)
        {
            Details = "docs/conformance.md says what each line asks, and what not applicable means.",
            Examples = [new Example("gantry conformance opamp http://127.0.0.1:4320/v1/opamp", "any OpAMP server, line by line")],
        };
        conformance.Add(OpAmp(context));
        return conformance;
    }

    private static Verb OpAmp(CliContext context)
    {
        var url = new Argument<string>("URL") { Description = "The server's OpAMP endpoint: http, https, ws or wss" };
        var token = new Option<string?>("--token") { Description = "Sent as \"Authorization: Bearer …\" [env: GANTRY_CONFORMANCE_TOKEN]", HelpName = "TOKEN" };
        var json = new Option<bool>("--json") { Description = "One JSON object on stdout instead of a table" };
        var only = new Option<string[]>("--only") { Description = "Only these lines: T1, or T for all of that letter", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        var verb = new Verb("opamp", "Run the OpAMP checklist (specification v0.20) over both transports", context)
        {
            Details =
                "One row a line and transport: pass, fail or n/a with the reason, and the section of the specification. The agents that it plays are named\n" +
                "io.gantry.conformance, and stay in the server's list until it forgets them. Lines that need control of the server are n/a from outside.\n" +
                "Exit code 1 when a line fails that the specification demands (MUST), or when the server cannot be reached.",
            Examples =
            [
                new Example("gantry conformance opamp http://127.0.0.1:4320/v1/opamp", "a hub on this machine"),
                new Example("gantry conformance opamp wss://opamp.example/v1/opamp --token \"$TOKEN\" --json", "another server, for a machine to read"),
                new Example("gantry conformance opamp http://127.0.0.1:4320/v1/opamp --only T R6", "all of transport, and one line more"),
            ],
        };
        verb.Add(url);
        verb.Add(token);
        verb.Add(json);
        verb.Add(only);
        return verb.Runs(async (parsed, cancellation) =>
        {
            var endpoint = Parse(parsed.GetRequiredValue(url));
            var secret = parsed.GetValue(token) ?? context.Variable("GANTRY_CONFORMANCE_TOKEN");
            var checks = Choose(parsed.GetValue(only) ?? []);
            await ReachAsync(endpoint, cancellation);
            var results = await RunAsync(context, endpoint, secret, checks, cancellation);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(
                    new { specification = OpAmpSuite.Specification, url = endpoint, passed = Count(Verdict.Pass), failed = Count(Verdict.Fail), notApplicable = Count(Verdict.NotApplicable), results }, Json));
            }
            else
            {
                Write(context.Terminal, results);
            }

            return results.Any(result => result is { Verdict: Verdict.Fail, Level: Level.Must }) ? ExitCodes.Error : ExitCodes.Ok;

            int Count(Verdict verdict) => results.Count(result => result.Verdict == verdict);
        });
    }

    private static Uri Parse(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "ws" or "wss"
        ? new UriBuilder(url) { Scheme = url.Scheme is "https" or "wss" ? "https" : "http", Port = url.Port > 0 ? url.Port : 4320 }.Uri
        : throw new CommandFailure($"URL '{text}': expected an http, https, ws or wss URL such as http://127.0.0.1:4320/v1/opamp");

    private static IReadOnlyList<Check> Choose(string[] only)
    {
        foreach (var word in only.Where(word => !OpAmpSuite.All.Any(check => Is(check, word))))
        {
            throw new CommandFailure($"--only '{word}': there is no such line; there are {string.Join(", ", OpAmpSuite.All.Select(check => check.Id[..1]).Distinct())}, each with numbers from 1");
        }

        return only.Length == 0 ? OpAmpSuite.All : [.. OpAmpSuite.All.Where(check => only.Any(word => Is(check, word)))];

        static bool Is(Check check, string word) => check.Id.Equals(word, StringComparison.OrdinalIgnoreCase) || check.Id[..1].Equals(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A hundred lines that fail for one reason would hide it.</summary>
    private static async Task ReachAsync(Uri url, CancellationToken cancellation)
    {
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(url.Host, url.Port, cancellation);
        }
        catch (SocketException error)
        {
            throw new CommandFailure($"{url} cannot be reached: {error.Message}", ExitCodes.HubUnreachable);
        }
    }

    private static async Task<List<CheckResult>> RunAsync(CliContext context, Uri url, string? token, IReadOnlyList<Check> checks, CancellationToken cancellation)
    {
        var results = new List<CheckResult>();
        foreach (var check in checks)
        {
            foreach (var transport in Enum.GetValues<Transport>())
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(await OpAmpSuite.RunAsync(check, url, transport, token));
            }
        }

        context.Terminal.Note($"{results.Count(item => item.Verdict == Verdict.Pass)} passed, {results.Count(item => item.Verdict == Verdict.Fail)} failed, {results.Count(item => item.Verdict == Verdict.NotApplicable)} not applicable");
        return results;
    }

    private static void Write(Terminal terminal, List<CheckResult> results) => Table.Write(
        terminal.Out,
        [
            new Column<CheckResult>("LINE", row => row.Id),
            new Column<CheckResult>("TRANSPORT", row => row.Transport == Transport.Http ? "http" : "websocket"),
            new Column<CheckResult>("VERDICT", row => row.Verdict switch { Verdict.Pass => "pass", Verdict.Fail => "FAIL", _ => "n/a" }),
            new Column<CheckResult>("LEVEL", row => row.Level switch { Level.Must => "MUST", Level.Should => "SHOULD", _ => "interop" }),
            new Column<CheckResult>("SECTION", row => row.Section),
            new Column<CheckResult>("WHAT", row => row.Detail.Length > 0 ? row.Detail : row.Title),
        ],
        results);
}
