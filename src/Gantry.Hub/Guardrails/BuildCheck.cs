using Gantry.Estate.Agents;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Guardrails;

/// <summary>Pipelines against the builds of the agents that they match: components that a build does not have, and types that got another name.</summary>
internal sealed class BuildCheck(NewestRevision assignments, IAgentDirectory agents, IComponentCatalogue catalogue)
{
    /// <summary>Questions of one check, so that a folder of ten thousand pipelines over a large fleet does not take minutes.</summary>
    private const long MostQuestions = 2_000_000;

    public void Check(IReadOnlyList<ResourceDocument> documents, Func<ResourceDocument, ResourceProblems> problemsOf)
    {
        var pipelines = documents.Where(document => document.Model is Pipeline { Enabled: true, Contents: CollectorContents }).ToList();
        if (pipelines.Count == 0)
        {
            return;
        }

        var count = agents.All.Count;
        var isTooMuch = (long)count * pipelines.Count > MostQuestions;
        if (isTooMuch)
        {
            problemsOf(pipelines[0]).Warn(pipelines[0].Line, 1, "", "", $"{pipelines.Count} pipelines are not held against the builds of {count} agents; validate fewer at once to have that done");
        }

        foreach (var document in pipelines)
        {
            var pipeline = (Pipeline)document.Model;
            List<Build> builds = isTooMuch ? [] : [.. Audience.Of(pipeline, assignments.Index, agents.Columns).Builds()
                .Select(build => new Build(build.Version, catalogue.Of(build.Components), build.Agents, build.Example))];
            foreach (var component in ((CollectorContents)pipeline.Contents).Config.Components)
            {
                Check(component, builds, problemsOf(document));
            }
        }
    }

    private static void Check(CollectorComponent component, List<Build> builds, ResourceProblems problems)
    {
        var path = $"spec.contents.{component.Section}.{component.Id}";
        var rename = ComponentRenames.Find(component.Section, component.Type);
        foreach (var build in builds.Where(build => build.Components is not null && !Has(build, component, rename)))
        {
            var fix = rename is not null && component.Type == rename.Name && build.Components!.Contains($"{component.Section}/{rename.Before}")
                ? $"there it is {rename.Before}, which newer ones understand too; write that"
                : $"use another build there, or matchers that leave {(build.Agents == 1 ? "it" : "them")} out";
            problems.Add(component.Key, path, $"{Count(build)}, {build.Example.Name} among them, ha{(build.Agents == 1 ? "s" : "ve")} no {component.Section[..^1]} {component.Type} in the build; {fix}");
        }

        CheckVersions(component, rename, [.. builds.Where(build => build.Components is null)], path, problems);
    }

    /// <summary>Of builds that do not say what they have, the version does.</summary>
    private static void CheckVersions(CollectorComponent component, ComponentRename? rename, List<Build> builds, string path, ResourceProblems problems)
    {
        if (ComponentRenames.FindRemoved(component.Section, component.Type) is { } removed && builds.Find(build => ComponentRenames.Has(build.Version, removed.Since) == true) is { } without)
        {
            problems.Add(component.Key, path, $"is gone from {removed.Since} on, and {Count(without)}, {without.Example.Name} among them, ha{(without.Agents == 1 ? "s" : "ve")} {without.Version}; use {removed.Instead}");
        }

        if (rename is null)
        {
            return;
        }

        var old = builds.Find(build => ComponentRenames.Has(build.Version, rename.Since) == false);
        if (component.Type == rename.Name)
        {
            if (old is not null)
            {
                problems.Add(component.Key, path, $"{component.Type} is its name from {rename.Since} on, and {Count(old)}, {old.Example.Name} among them, ha{(old.Agents == 1 ? "s" : "ve")} {old.Version}; write {rename.Before}, which both understand");
            }
        }
        else if (builds.Find(build => ComponentRenames.Has(build.Version, rename.Since) == true && ComponentRenames.Has(build.Version, rename.Alias) == false) is { } forgotten)
        {
            problems.Add(component.Key, path, $"is called {rename.Name} from {rename.Since} on, and {rename.Before} is understood again from {rename.Alias} on only; {Count(forgotten)}, {forgotten.Example.Name} among them, ha{(forgotten.Agents == 1 ? "s" : "ve")} {forgotten.Version}; write {rename.Name}");
        }
        else if (old is null)
        {
            problems.Warn(component.Key, path, $"is called {rename.Name} from {rename.Since} on; collectors from there understand {rename.Before} for some time only");
        }
    }

    private static bool Has(Build build, CollectorComponent component, ComponentRename? rename) => build.Components!.Contains($"{component.Section}/{component.Type}")
        || (rename is not null && component.Type == rename.Before && build.Components.Contains($"{component.Section}/{rename.Name}"));

    private static string Count(Build build) => build.Agents == 1 ? "1 agent that it matches" : $"{build.Agents} agents that it matches";

    private sealed record Build(string Version, IReadOnlySet<string>? Components, int Agents, AgentFacts Example);
}
