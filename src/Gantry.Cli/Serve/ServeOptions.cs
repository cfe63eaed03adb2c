using System.CommandLine;
using System.CommandLine.Parsing;
using Gantry.Cli.Verbs;
using Gantry.Gateway.Forward;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary>Options that <c>up</c>, <c>hub</c> and <c>gateway</c> share: the same name means the same everywhere.</summary>
internal static class ServeOptions
{
    private static readonly string[] Levels = ["trace", "debug", "information", "warning", "error", "none"];

    public static Option<string> Data(CliContext context) => new("--data")
    {
        Description = "Folder of everything that is kept [default: GANTRY_DATA, else $XDG_DATA_HOME/gantry, else ~/.local/share/gantry]",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder.Default(context.Variable),
    };

    /// <summary>Null: a SQLite file in the data folder.</summary>
    public static Option<string?> Database(CliContext context) => new("--database")
    {
        Description = "PostgreSQL for all state, shared by several hub nodes; takes the place of --data. A password is better in GANTRY_DATABASE, or in PGPASSFILE, " +
            "than on a command line [default: GANTRY_DATABASE, else a SQLite file in --data]",
        HelpName = "\"Host=…;Database=…\"",
        DefaultValueFactory = _ => context.Variable("GANTRY_DATABASE") is { Length: > 0 } named ? named : null,
    };

    /// <summary>Else a sync is refused where another source has a pipeline of the same name.</summary>
    public static Option<bool> SyncTakesOver() => new("--sync-takes-over")
    {
        Description = "Let a source of the Fleet Management API overwrite and delete pipelines of another source (docs: alloy)",
    };

    public static Option<int> HubPort() => Port("--hub-port", 4320, "the hub: web pages, REST, OpAMP");

    public static Option<int> GrpcPort() => Port("--grpc-port", 4317, "OTLP/gRPC");

    public static Option<int> HttpPort() => Port("--http-port", 4318, "OTLP/HTTP");

    public static Option<DestinationOptions[]> Forward() => new("--forward")
    {
        Description = "Pass all telemetry on to this OTLP endpoint, http:// or grpc://; clients then get its answer. May be given several times; settings follow " +
            "a ?, such as ?compression=zstd&spool=1GiB [default: keep none, pass none on]",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.Select(token => Destination(result, token.Value)).OfType<DestinationOptions>()],
    };

    public static Option<LogLevel> Level()
    {
        var option = new Option<LogLevel>("--log-level")
        {
            Description = "Least level of log messages on stderr",
            HelpName = string.Join('|', Levels),
            DefaultValueFactory = _ => LogLevel.Warning,
        };
        option.AcceptOnlyFromAmong(Levels);
        return option;
    }

    private static DestinationOptions? Destination(ArgumentResult result, string text)
    {
        if (!DestinationUrl.TryParse(text, out var destination, out var problem))
        {
            result.AddError($"--forward {problem}");
        }

        return destination;
    }

    private static Option<int> Port(string name, int standard, string door) =>
        NumberOption.Create(name, $"Port of {door}; 0 takes a free one", "PORT", standard, 0, 65535);
}
