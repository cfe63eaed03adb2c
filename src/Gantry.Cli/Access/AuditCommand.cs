using System.CommandLine;
using System.Globalization;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Hub.Access;

namespace Gantry.Cli.Access;

/// <summary><c>gantry access audit</c>.</summary>
internal static class AuditCommand
{
    private static readonly Column<AuditRow>[] Columns =
    [
        new("TIME", row => row.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        new("WHO", row => row.Who),
        new("WHAT", row => row.What),
        new("RESOURCE", row => row.Resource),
        new("VERSION", row => row.ToVersion > 0 ? $"{row.FromVersion} to {row.ToVersion}" : ""),
        new("ADDRESS", row => row.Address),
        new("DETAIL", row => row.Detail),
    ];

    public static Command Create(CliContext context)
    {
        var what = new Option<string>("--what") { Description = "Only these, with commas between: apply, delete, agent.attributes, denied, token.create, token.revoke, enrol, login, …", HelpName = "WHAT", DefaultValueFactory = _ => "" };
        var about = new Option<string>("--about") { Description = "Only lines with this in who, resource or address", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var before = new Option<long>("--before") { Description = "Only lines below this sequence, to go back page by page", HelpName = "SEQUENCE", DefaultValueFactory = _ => 0 };
        before.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) || sequence < 0))
            {
                result.AddError($"--before {result.Tokens[0].Value}: expected a sequence of the log, as -o json shows it");
            }
        });
        var limit = NumberOption.Create("--limit", "At most so many, the newest", "COUNT", 100, 1, 1000);
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("audit", "Who did what and who was refused, newest first", context)
        {
            Details = "Every change, and refused requests (of a flood only some). Lines are never changed or deleted, and hold no secret. Times are UTC.",
            Examples = [new Example("gantry access audit", "the last hundred"), new Example("gantry access audit --what denied --limit 20", "who was refused")],
        };
        foreach (var option in (Option[])[what, about, before, limit, format, hub])
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var rows = await client.GetJsonAsync(
                $"audit?limit={parsed.GetValue(limit)}&what={Uri.EscapeDataString(parsed.GetRequiredValue(what))}&about={Uri.EscapeDataString(parsed.GetRequiredValue(about))}&before={parsed.GetValue(before)}", cancellation);
            return OutputFormats.Write<List<AuditRow>>(context, rows, parsed.GetRequiredValue(format), read => Table.Write(context.Terminal.Out, Columns, read));
        });
    }
}
