using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Verbs;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry diff</c>: what documents would change, line by line.</summary>
internal static class DiffCommand
{
    public static Command Create(CliContext context)
    {
        var files = FileOption.Create("A file, a folder (every .yaml, .yml and .json in it and below), or - for standard input; may be given several times", required: true);
        var hub = HubAddress.Option(context);
        var verb = new Verb("diff", "What applying documents would change, line by line", context)
        {
            Details = "Lines with - are the hub's, with + the documents'. The exit code is 2 when something differs, 0 when not.",
            Examples = [new Example("gantry diff -f config", "before gantry apply -f config"), new Example("gantry diff -f -", "of a pipe")],
        };
        verb.Add(files);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            var documents = await DocumentFiles.ReadAsync(context, parsed.GetRequiredValue(files), cancellation);
            var differ = false;
            foreach (var kind in documents.GroupBy(document => document.Kind))
            {
                var present = (await client.GetAsync<List<ResourceRow>>($"resources/{kind.Key.Plural}", cancellation)).ToDictionary(row => row.Name);
                foreach (var document in kind)
                {
                    differ |= Show(context, document, present.GetValueOrDefault(document.Name));
                }
            }

            return differ ? ExitCodes.Differences : ExitCodes.Ok;
        });
    }

    private static bool Show(CliContext context, ResourceDocument document, ResourceRow? present)
    {
        if (present?.Document == document.Text)
        {
            return false;
        }

        var name = $"{document.Kind.Plural}/{document.Name}";
        context.Terminal.Out.WriteLine($"--- {(present is null ? "nothing" : $"{name} (version {present.Version}, by {DiffText.Clean(present.Source)})")}");
        context.Terminal.Out.WriteLine($"+++ {name} ({document.File})");
        DiffText.Write(context.Terminal, LineDiff.Of(present?.Document ?? "", document.Text));
        return true;
    }
}
