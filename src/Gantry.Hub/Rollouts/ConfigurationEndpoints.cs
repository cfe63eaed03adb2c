using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Estate.Matching;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts.LastGood;

namespace Gantry.Hub.Rollouts;

/// <summary>REST of configurations.</summary>
internal static class ConfigurationEndpoints
{
    /// <summary>Pipelines that do not match, told with the reason.</summary>
    private const int MostOthers = 100;

    private const int MostRevisions = 50;

    private const string KeptUntilMended = "the configuration from before is kept until that is mended";

    public static void MapConfigurations(this IEndpointRouteBuilder app)
    {
        app.MapApply();
        app.MapGet("/api/v1/agents/{id}/configuration", Of).Produces<AgentConfiguration>().ProducesProblem(404).ProducesProblem(503)
            .WithSummary("What an agent should run, where each setting comes from, and which pipelines match it and why");
    }

    private static IResult Of(string id, NewestRevision assignments, IAgentDirectory agents)
    {
        if (agents.Find(Fleet.Views.AgentIds.OfRoute(id)) is not { } agent)
        {
            return Results.Problem(statusCode: 404, detail: Unknown(id, agents.All));
        }

        return assignments.Index is { } index ? Results.Ok(Row(agent, index, assignments))
            : assignments.Kept(agent) is { } kept ? Results.Ok(Row(agent, kept, assignments))
            : Results.Problem(statusCode: 503, detail: "a declared resource cannot be read by this version of Gantry; apply it again or delete it (GET /api/v1/resources says which)");
    }

    private static string Unknown(string id, IReadOnlyCollection<AgentFacts> agents)
    {
        var named = agents.Where(agent => agent.Name == id).Select(agent => agent.Id).Order(StringComparer.Ordinal).ToList();
        return named.Count > 1 ? $"{named.Count} agents are called \"{id}\"; give the id of one: {string.Join(", ", named.Take(5))}{(named.Count > 5 ? " …" : "")}"
            : NearWord.Of(id, agents.Select(agent => agent.Name).Concat(agents.Select(agent => agent.Id)).Order(StringComparer.Ordinal)) is { } near ? $"no agent \"{id}\" has asked this hub for its configuration; did you mean {near}?"
            : $"no agent \"{id}\" has asked this hub for its configuration; give its id, or its name where only one has it, as in GET /api/v1/agents";
    }

    private static AgentConfiguration Row(AgentFacts agent, EstateIndex index, NewestRevision assignments)
    {
        var attributes = index.AttributesOf(agent);
        var found = assignments.Find(agent);
        var compiled = found?.Compiled;
        return new AgentConfiguration(
            agent.Id,
            agent.Name,
            agent.Kind.ToString().ToLowerInvariant(),
            found?.Assignment.Cohort ?? "",
            found?.Assignment.Revision ?? 0,
            compiled?.Config.Hash ?? "",
            found?.Assignment.IsNothing ?? true,
            attributes.Names.ToDictionary(name => name, attributes.Find),
            [.. index.GroupsOf(new AgentAttributes(agent)).Select(group => group.Name)],
            Pipelines(agent, attributes, index),
            Files(compiled?.Config),
            compiled?.Config.Origins ?? [],
            compiled is null ? [] : assignments.Revisions(compiled.Cohort.Recipe, MostRevisions),
            [
                .. (compiled?.Problems ?? []).Select(problem => $"{problem.Resource}:{problem.Line}: {problem.Message}"),
                .. compiled is { IsLastGood: true } ? (string[])[KeptUntilMended] : [],
            ]);
    }

    /// <summary>While the estate cannot be read: matchers cannot be held against anything, so only what the agent keeps is told.</summary>
    private static AgentConfiguration Row(AgentFacts agent, LastGoodConfig kept, NewestRevision assignments)
    {
        var attributes = new AgentAttributes(agent);
        return new AgentConfiguration(
            agent.Id, agent.Name, agent.Kind.ToString().ToLowerInvariant(), kept.Cohort, kept.Number, kept.Config.Hash, kept.IsNothing,
            attributes.Names.ToDictionary(name => name, attributes.Find), [], [], Files(kept.Config), kept.Config.Origins, assignments.Revisions(kept.Recipe, MostRevisions),
            [.. assignments.Unreadable.Take(MostOthers).Select(resource => $"{resource.Kind.Plural}/{resource.Name} cannot be read: {resource.Problem}"), KeptUntilMended]);
    }

    private static List<CompiledFileRow> Files(CompiledConfig? config) =>
        [.. (config?.Files ?? []).Select(file => new CompiledFileRow(file.Name, file.ContentType, Encoding.UTF8.GetString(file.Body.Span)))];

    private static List<MatchedPipeline> Pipelines(AgentFacts agent, AgentAttributes attributes, EstateIndex index)
    {
        var own = Pipeline.InOrder(index.All.Where(pipeline => pipeline.Kind == agent.Kind)).ToList();
        return
        [
            .. own.Where(pipeline => pipeline.Enabled && attributes.Satisfy(pipeline.Matchers)).Select(pipeline => new MatchedPipeline(pipeline.Name, pipeline.Priority, Matches: true, "")),
            .. own.Where(pipeline => !(pipeline.Enabled && attributes.Satisfy(pipeline.Matchers))).Take(MostOthers)
                .Select(pipeline => new MatchedPipeline(pipeline.Name, pipeline.Priority, Matches: false, WhyNot(pipeline, attributes))),
        ];
    }

    private static string WhyNot(Pipeline pipeline, AgentAttributes attributes) => !pipeline.Enabled ? "disabled"
        : pipeline.Matchers.Count == 0 ? "it has no matchers, so it is for no agent"
        : attributes.FirstMismatch(pipeline.Matchers) is { } matcher ? $"{matcher}, and {matcher.Name} is {(attributes.Find(matcher.Name) is { Length: > 0 } value ? value : "not there")}"
        : "";
}
