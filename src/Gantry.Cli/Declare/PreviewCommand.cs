using System.CommandLine;
using System.Text;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Hub.Instrument;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry preview</c>: which processes Instrumentation documents would reach, before anything is written.</summary>
internal static class PreviewCommand
{
    private static readonly IReadOnlyList<Column<PreviewRow>> Columns =
    [
        new("CHANGE", row => row.Change),
        new("HOST", row => row.HostName),
        new("PID", row => $"{row.Pid}", Right: true),
        new("PROCESS", row => row.Name),
        new("LANGUAGE", row => row.Language.Length > 0 ? row.Language : "unknown"),
        new("RULE", row => row.Rule.Length > 0 ? row.Rule : "none"),
        new("METHOD", row => row.Method.Length > 0 ? row.Method : "none"),
        new("RESTART", row => row.Restart ? "yes" : "no"),
        new("SERVICE", row => row.Service),
        new("WHY NOT", row => row.Message),
        new("STATE", row => row.State, Wide: true),
        new("RULE BEFORE", row => row.RuleBefore, Wide: true),
        new("UNIT", row => row.Unit, Wide: true),
        new("EXECUTABLE", row => row.Executable, Wide: true),
        new("HOST ID", row => row.HostId, Wide: true),
    ];

    public static Command Create(CliContext context)
    {
        var files = FileOption.Create("A file, a folder (every .yaml, .yml and .json in it and below), or - for standard input; may be given several times", required: true);
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Wide, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("preview", "Which processes Instrumentation documents would reach, and which would restart", context)
        {
            Details =
                "Nothing is changed. CHANGE is begins, changes, stays, ends or left (a rule leaves it alone); RESTART says that a process must start\n" +
                "again before anything acts on it. Hub and agent decide by the same code over the same facts, so what is shown is what happens.",
            Examples =
            [
                new Example("gantry preview -f shop.yaml", "before gantry apply -f shop.yaml"),
                new Example("gantry preview -f shop.yaml -o json", "for a pull request's check"),
            ],
        };
        verb.Add(files);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            var (texts, _) = await DocumentFiles.ReadWithFilesAsync(context, parsed.GetRequiredValue(files), cancellation);
            var text = string.Join("\n---\n", texts.Select(file => file.Text));
            var name = texts.Count == 1 ? texts[0].Name : "-";
            var json = await client.ChangeAsync(
                HttpMethod.Post, $"instrumentations/preview?file={Uri.EscapeDataString(name)}", new StringContent(text, Encoding.UTF8, "application/yaml"), cancellation);
            var preview = JsonText.Read<PlanPreview>(json);
            if (parsed.GetRequiredValue(format) == OutputFormats.Json)
            {
                JsonText.Write(context.Terminal.Out, json);
            }

            return WriteTo(context, context.Terminal.Out, preview, parsed.GetRequiredValue(format));
        });
    }

    internal static int WriteTo(CliContext context, TextWriter output, PlanPreview preview, string format)
    {
        foreach (var problem in preview.Problems)
        {
            context.Terminal.Note($"{problem}");
        }

        if (preview.Problems.Any(problem => problem.Severity == Estate.Resources.ResourceProblem.Error))
        {
            return ExitCodes.Refused;
        }

        if (format == OutputFormats.Json)
        {
            return ExitCodes.Ok;
        }

        if (preview.Processes.Count > 0)
        {
            Table.Write(output, Columns.Where(column => format == OutputFormats.Wide || !column.Wide).ToList(), preview.Processes);
        }

        context.Terminal.Note(Summary(preview));
        return ExitCodes.Ok;
    }

    private static string Summary(PlanPreview preview)
    {
        if (preview.Agents == 0)
        {
            return "No Gantry agent matches: an Instrumentation reaches hosts by the matchers of their agents, such as collector.type=gantry. `gantry get agents -o wide` shows what there is.";
        }

        var silent = preview.Silent > 0 ? $", {preview.Silent} of them without a list of processes" : "";
        return $"{preview.Agents} {(preview.Agents == 1 ? "host" : "hosts")}{silent}: {preview.Of("begins")} processes begin, "
            + $"{preview.Of("changes")} change, {preview.Of("ends")} end, {preview.Restarts} must restart, {preview.Unmatched} are not matched.";
    }
}
