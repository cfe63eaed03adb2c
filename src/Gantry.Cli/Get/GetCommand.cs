using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Verbs;
using Gantry.Estate.Campaigns;
using Gantry.Estate.Resources;

namespace Gantry.Cli.Get;

/// <summary><c>gantry get</c>: what the hub knows, as a table for people and pipes or as the API's JSON.</summary>
internal static class GetCommand
{
    public static Command Create(CliContext context)
    {
        var get = new Verb("get", "Show hosts, services, processes, edges, findings, scores, agents, changes, regressions, the summary, or what is declared", context)
        {
            Details =
                "A table has one row a line and no empty cells; -o wide adds columns. -o json gives the rows of the REST API unchanged: always\n" +
                "a list, also with NAME (the summary is one object). An empty list explains itself on stderr.",
            Examples =
            [
                new Example("gantry get hosts", "every host, its rung and its load"),
                new Example("gantry get services -o wide", "every service, with how its language was recognised and its next step"),
                new Example("gantry get services storefront", "one service, by name or id"),
                new Example("gantry get hosts -o json", "the API's rows, with the evidence of each rung"),
                new Example("gantry get summary", "how many stand on which rung, and the one next step"),
            ],
        };
        get.Add(List(context, "hosts", "Hosts: rung, utilisation, services", HostColumns.All, HostColumns.Empty));
        get.Add(List(context, "services", "Services, and processes that listen and send nothing (dark)", ServiceColumns.All, ServiceColumns.Empty, others: ServiceColumns.OtherNames));
        get.Add(List(context, "processes", "Processes, and how far the instrumentation of each has come; NAME may be a service or a state", ProcessColumns.All, ProcessColumns.Empty, ProcessColumns.Names));
        get.Add(List(context, "edges", "Who calls whom: services, databases, queues; NAME is either end", EdgeColumns.All, EdgeColumns.Empty, filtered: name => ByName("edges", name)));
        get.Add(List(context, "findings", "What is wrong with what services send; NAME may be a service or a code", FindingColumns.All, FindingColumns.Empty, filtered: name => ByName("findings", name)));
        get.Add(List(context, "scores", "The Instrumentation Score of services, lowest first; `gantry score SERVICE` has the rules", ScoreColumns.All, ScoreColumns.Empty, filtered: name => ByName("scores", name)));
        get.Add(List(context, "agents", "Agents, over OpAMP and the Fleet Management API: connection, health, how far each is", AgentColumns.All, AgentColumns.Empty));
        get.Add(List(context, "campaigns", "Campaigns: how far each is by evidence, and what is left", CampaignColumns.All, CampaignColumns.Empty));
        get.Add(List(context, "changes", "What changed within seven days: versions, rungs, instances, configurations, documents; NAME may be a service, a host or a kind", ChangeColumns.All, ChangeColumns.Empty, filtered: ChangeColumns.Path));
        get.Add(List(context, "regressions", "Services and hosts that stand lower than within seven days: what was lost, since when, what changed; NAME is one of them", RegressionColumns.All, RegressionColumns.Empty, filtered: name => ByName("regressions", name)));
        get.Add(Summary(context));
        // How far a campaign is says more than its document, which `gantry describe campaign` and `gantry export` have.
        foreach (var kind in ResourceKinds.All.Where(kind => kind != CampaignReader.Kind))
        {
            get.Add(ResourceVerb.Create(context, kind));
        }

        return get;
    }

    /// <param name="filtered">Path of the rows of a name where the hub looks for them: its list may be longer than what it answers with, and it knows every name of a service. Null: they are looked for in the whole list.</param>
    private static Verb List<T>(
        CliContext context, string resource, string description, Func<DateTimeOffset, IReadOnlyList<Terminals.Column<T>>> columns, string empty, IReadOnlyList<string>? names = null,
        Func<T, IEnumerable<string>>? others = null, Func<string, string>? filtered = null)
    {
        var name = new Argument<string?>("NAME") { Description = "Only the one of this name or id", Arity = ArgumentArity.ZeroOrOne };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Wide, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb(resource, description, context)
        {
            Examples =
            [
                new Example($"gantry get {resource}", "as a table"),
                new Example($"gantry get {resource} NAME -o json", "one, with everything the hub knows of it"),
            ],
        };
        verb.Add(name);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var list = new RowList<T>(resource, columns, empty, names, others);
            var wanted = parsed.GetValue(name);
            var path = wanted is not null && filtered is not null ? filtered(wanted) : resource;
            return list.Write(context, await client.GetJsonAsync(path, cancellation), filtered is null ? wanted : null, parsed.GetRequiredValue(format));
        });
    }

    private static string ByName(string resource, string name) => $"{resource}?name={Uri.EscapeDataString(name)}";

    private static Verb Summary(CliContext context)
    {
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("summary", "How many stand on which rung, what needs attention, and the one next step", context)
        {
            Examples = [new Example("gantry get summary", "as text"), new Example("gantry get summary -o json", "as the API has it")],
        };
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var summary = await client.GetJsonAsync("summary", cancellation);
            return OutputFormats.Write<Hub.Coverage.Summary>(context, summary, parsed.GetRequiredValue(format), read => SummaryText.Write(context, read));
        });
    }
}
