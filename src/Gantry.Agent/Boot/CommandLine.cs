using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Boot;

internal enum Verb
{
    Run,
    Once,
    Help,
    Version,
}

/// <summary>What the program was asked to do, and everything that was wrong with the asking.</summary>
internal sealed record CommandLine(Verb Verb, AgentOptions Options, bool AsJson, LogLevel LogLevel, IReadOnlyList<string> Problems)
{
    public const string Help = """
        gantry-agent: measures this host, finds what runs on it, and reports both.

        usage: gantry-agent [options]

          --gateway URL    where metrics go, any OTLP/HTTP receiver, or off     http://127.0.0.1:4318
          --hub URL        where the inventory of processes goes, or off        http://127.0.0.1:4320
          --interval TIME  between two samples, 1s to 5m                        10s
          --state FOLDER   where the agent keeps its identity                   /var/lib/gantry-agent, or the user's state folder
          --token-file F   the token for the hub, also an enrolment token       GANTRY_TOKEN, else none
          --guard F        what it may do to this host; without, it only looks  /etc/gantry/guard.conf
          --obi F          the obi program, run where a plan and the guard say so /usr/bin/obi
          --proc FOLDER    the host's /proc, for an agent in a container        /proc
          --sys FOLDER     the host's /sys                                      /sys
          --etc FOLDER     the host's /etc                                      /etc
          --once           print one sample and the processes, send nothing, exit
          --json           with --once: as JSON
          --verbose        log each attempt too
          --version        print the version
          --help           print this

        Try it:      gantry-agent --once
        In earnest:  gantry-agent --gateway http://gateway.example:4318 --hub http://hub.example:4320
        As root it sees every process; as another user only that user's are seen in full.
        Of a process leave the host: its executable, language, ports, unit, container and declared service name. Never arguments, never its environment.
        """;

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var options = new AgentOptions { Token = Environment.GetEnvironmentVariable("GANTRY_TOKEN") };
        var verb = Verb.Run;
        var asJson = false;
        var level = LogLevel.Information;
        var problems = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            // --key value and --key=value are the same.
            var parts = arguments[i].Split('=', 2);
            switch (parts[0])
            {
                case "--help" or "-h":
                    verb = Verb.Help;
                    break;
                case "--version":
                    verb = Verb.Version;
                    break;
                case "--once":
                    verb = verb == Verb.Run ? Verb.Once : verb;
                    break;
                case "--json":
                    asJson = true;
                    break;
                case "--verbose":
                    level = LogLevel.Debug;
                    break;
                case "--hub" or "--gateway" or "--interval" or "--state" or "--token-file" or "--guard" or "--obi" or "--proc" or "--sys" or "--etc":
                    var value = parts.Length == 2 ? parts[1] : i + 1 < arguments.Count ? arguments[++i] : null;
                    options = Set(options, parts[0], value, problems);
                    break;
                default:
                    problems.Add($"'{arguments[i]}' is no option; gantry-agent --help lists them.");
                    break;
            }
        }

        if (asJson && verb != Verb.Once)
        {
            problems.Add("--json goes with --once only.");
        }

        problems.AddRange(options.Validate());
        return new CommandLine(verb, options, asJson, level, problems);
    }

    private static AgentOptions Set(AgentOptions options, string key, string? value, List<string> problems)
    {
        if (value is null)
        {
            problems.Add($"{key} needs a value; gantry-agent --help shows one.");
            return options;
        }

        switch (key)
        {
            case "--hub":
                return options with { Hub = Address(value) };
            case "--gateway":
                return options with { Gateway = Address(value) };
            case "--token-file":
                return options with { TokenFile = value };
            case "--guard":
                return options with { GuardFile = value };
            case "--obi":
                return options with { Obi = value };
            case "--state":
                return options with { StateFolder = value };
            case "--proc":
                return options with { ProcRoot = value };
            case "--sys":
                return options with { SysRoot = value };
            case "--etc":
                return options with { EtcRoot = value };
            default:
                if (TryParseTime(value, out var interval))
                {
                    return options with { Interval = interval };
                }

                problems.Add($"interval is '{value}'; it may be 1s to 5m, such as 10s.");
                return options;
        }
    }

    private static string Address(string value) => value is "off" or "" ? "" : value;

    /// <summary>"10s", "1m", "500ms", or seconds alone.</summary>
    internal static bool TryParseTime(string text, out TimeSpan time)
    {
        var digits = text.AsSpan().TrimEnd("smh");
        double scale = text[digits.Length..] switch
        {
            "" or "s" => 1,
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            _ => double.NaN,
        };
        var isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        var isTime = isNumber && number < 1e6 && !double.IsNaN(scale);
        time = isTime ? TimeSpan.FromSeconds(number * scale) : default;
        return isTime;
    }
}
