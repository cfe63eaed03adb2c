using System.CommandLine;
using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Estate.Configurations;
using Gantry.Hub.Estate;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Rollouts;

namespace Gantry.Cli.Explain;

/// <summary><c>gantry explain agent/NAME</c>: what an agent should run, where each setting comes from, and how far it has come.</summary>
internal static class ExplainAgentCommand
{
    private const string Agent = "agent/";

    public static Command Create(CliContext context)
    {
        var target = new Argument<string>("agent/NAME") { Description = "An agent: its id, or its name where only one has it" };
        target.Validators.Add(result =>
        {
            if (!result.Tokens[0].Value.StartsWith(Agent, StringComparison.Ordinal) || result.Tokens[0].Value.Length == Agent.Length)
            {
                result.AddError($"'{result.Tokens[0].Value}': expected agent/NAME, such as agent/edge-1");
            }
        });
        var path = new Option<string?>("--path") { Description = "Only settings at and below this path, such as processors.batch; names of pipelines in it may be left out", HelpName = "PATH" };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("explain", "What an agent should run, where each setting comes from, and what it does run", context)
        {
            Details = "Desired is what its pipelines make; offered, received, applied and in effect say how far that has come, each with its time.",
            Examples =
            [
                new Example("gantry explain agent/edge-1", "its pipelines, its state, and every setting with its origin"),
                new Example("gantry explain agent/edge-1 --path processors.batch", "where one setting comes from"),
                new Example("gantry explain agent/edge-1 --path service.pipelines.traces.processors[0]", "an item of a list"),
                new Example("gantry explain agent/alloy-1 --path prometheus.scrape.apps.targets", "an argument of a block of Alloy"),
            ],
        };
        verb.Add(target);
        verb.Add(path);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var json = await client.GetJsonAsync($"agents/{Uri.EscapeDataString(parsed.GetRequiredValue(target)[Agent.Length..])}/configuration", cancellation);
            var explained = JsonText.Read<AgentConfiguration>(json);
            var chosen = explained.Origins.Where(origin => parsed.GetValue(path) is not { } only || SettingPath.IsAt(origin.Path, only)).ToList();
            if (parsed.GetValue(path) is { } asked && chosen.Count == 0)
            {
                throw new CommandFailure($"--path {asked}: the agent's configuration has no such setting{SettingPath.Hint(explained.Origins.Select(origin => origin.Path), asked)}");
            }

            if (parsed.GetRequiredValue(format) == OutputFormats.Json)
            {
                JsonText.Write(context.Terminal.Out, parsed.GetValue(path) is null ? json : JsonSerializer.SerializeToElement(chosen, JsonSerializerOptions.Web));
                return ExitCodes.Ok;
            }

            if (parsed.GetValue(path) is null)
            {
                WriteHead(context, explained);
                await WriteStateAsync(context, client, explained, cancellation);
            }

            await WriteOriginsAsync(context, client, chosen, cancellation);
            return ExitCodes.Ok;
        });
    }

    private static void WriteHead(CliContext context, AgentConfiguration explained)
    {
        var output = context.Terminal.Out;
        output.WriteLine($"Agent      {Table.Clean(explained.Name)} ({Table.Clean(explained.Agent)}), {explained.Kind}");
        output.WriteLine(explained.Cohort.Length == 0 ? "Desired    nothing: the hub leaves it alone" : $"Desired    revision {explained.Revision} of cohort {explained.Cohort}, hash {explained.Hash[..12]}");
        if (explained.Groups.Count > 0)
        {
            output.WriteLine($"Groups     {string.Join(", ", explained.Groups)}");
        }

        foreach (var problem in explained.Problems)
        {
            output.WriteLine($"Problem    {DocumentText(problem)}");
        }

        output.WriteLine();
        if (explained.Pipelines.Count > 0)
        {
            Table.Write(
                output,
                [
                    new Column<MatchedPipeline>("PIPELINE", row => row.Name),
                    new Column<MatchedPipeline>("MATCHES", row => row.Matches ? "yes" : $"no: {row.Why}"),
                    new Column<MatchedPipeline>("PRIORITY", row => $"{row.Priority}", Right: true),
                ],
                explained.Pipelines);
            output.WriteLine();
        }
    }

    private static string DocumentText(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '�' : c));

    /// <summary>The way from desired to in effect, whichever door the agent came by.</summary>
    private static async Task WriteStateAsync(CliContext context, HubClient client, AgentConfiguration explained, CancellationToken cancellation)
    {
        AgentDetail detail;
        try
        {
            detail = await client.GetAsync<AgentDetail>($"agents/{Uri.EscapeDataString(explained.Agent)}", cancellation);
        }
        catch (CommandFailure)
        {
            context.Terminal.Note("The hub knows no more of this agent, so what it was offered, applied and runs is not shown.");
            return;
        }

        var now = context.Time.GetUtcNow();
        Table.Write(
            context.Terminal.Out,
            [
                new Column<AgentStep>("STEP", row => row.Name),
                new Column<AgentStep>("STATE", row => row.State),
                new Column<AgentStep>("SINCE", row => Words.Age(row.At, now), Right: true),
                new Column<AgentStep>("HASH", row => row.Hash.Length > 12 ? row.Hash[..12] : row.Hash),
                new Column<AgentStep>("DETAIL", row => row.Detail),
            ],
            detail.Ladder);
        if (detail.Agent.Fallback.Length > 0)
        {
            context.Terminal.Out.WriteLine(detail.Agent.Fallback == "last"
                ? "on fallback: it runs the last configuration that it could apply, not the desired one"
                : "on fallback: it runs a configuration of its own, and never applied one from here");
        }

        foreach (var difference in detail.Differences ?? [])
        {
            context.Terminal.Out.WriteLine($"differs in effect: {DocumentText(difference)}");
        }

        context.Terminal.Out.WriteLine();
    }

    private static async Task WriteOriginsAsync(CliContext context, HubClient client, IReadOnlyList<ConfigOrigin> origins, CancellationToken cancellation)
    {
        var lines = new Dictionary<string, string[]>();
        foreach (var resource in origins.Select(origin => origin.Resource).Distinct())
        {
            try
            {
                lines[resource] = (await client.GetAsync<ResourceRow>($"resources/{resource}", cancellation)).Document.Split('\n');
            }
            catch (CommandFailure)
            {
                // It was deleted a moment ago; the origin is true all the same.
                lines[resource] = [];
            }
        }

        Table.Write(
            context.Terminal.Out,
            [
                new Column<ConfigOrigin>("SETTING", origin => origin.Path),
                new Column<ConfigOrigin>("FROM", origin => $"{origin.Resource}:{origin.Line}"),
                new Column<ConfigOrigin>("WRITTEN", origin => origin.Line > 0 && origin.Line <= lines[origin.Resource].Length ? lines[origin.Resource][origin.Line - 1].Trim() : ""),
            ],
            origins);
    }
}
