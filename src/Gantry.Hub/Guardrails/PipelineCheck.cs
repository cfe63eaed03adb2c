using System.Runtime.CompilerServices;
using Gantry.Estate.Matching;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Guardrails;

/// <summary>Pipelines and destinations against each other: what is named must be there, and pipelines that can meet on one agent must not be in each other's way.</summary>
internal sealed class PipelineCheck : IResourceCheck
{
    // Many changes at once are checked against one content.
    private readonly ConditionalWeakTable<EstateContent, PipelineFacts> _facts = [];

    public void Check(EstateContent estate, StoredResource changed, ResourceProblems problems)
    {
        if (changed.Document?.Model is not Pipeline pipeline)
        {
            return;
        }

        var facts = _facts.GetValue(estate, static content => new PipelineFacts(content));
        CheckReaders(facts, pipeline, problems);
        if (!pipeline.Enabled)
        {
            return;
        }

        switch (pipeline.Contents)
        {
            case CollectorContents collector:
                CheckDestinations(estate, collector.Config.Destinations.Select(node => (node.Text[CollectorConfig.DestinationPrefix.Length..], node.Line, node.Column)), problems);
                CheckPorts(facts, pipeline, collector.Config.Ports, problems);
                break;
            case AlloyContents alloy:
                CheckDestinations(estate, alloy.Uses.Destinations.Select(item => Placed(alloy, item.Name, item.Place)), problems);
                CheckModule(facts, pipeline, alloy, problems);
                CheckImports(facts, pipeline, alloy, problems);
                break;
        }
    }

    public void CheckWithout(EstateContent estate, StoredResource gone, ResourceProblems problems)
    {
        var facts = _facts.GetValue(estate, static content => new PipelineFacts(content));
        var users = gone.Kind == DestinationReader.Kind ? facts.UsersOf(gone.Name)
            : gone.Document?.Model is Pipeline { Type: PipelineType.Alloy } pipeline ? facts.ReadersOf(pipeline)
            : [];
        if (users.Count > 0)
        {
            problems.Add(1, 1, "", "", $"{gone.Kind.Kind} {gone.Name} is used by {Names(users)}; change or delete {(users.Count == 1 ? "it" : "those")} first");
        }
    }

    private static (string Name, int Line, int Column) Placed(AlloyContents alloy, string name, Gantry.Estate.Alloy.AlloyPlace place)
    {
        var (line, column) = alloy.Place.PlaceOf(place.Line, place.Column);
        return (name, line, column);
    }

    private static void CheckDestinations(EstateContent estate, IEnumerable<(string Name, int Line, int Column)> used, ResourceProblems problems)
    {
        foreach (var (name, line, column) in used.Where(item => estate.Find(DestinationReader.Kind, item.Name) is null).DistinctBy(item => item.Name))
        {
            var there = estate.OfKind(DestinationReader.Kind).Select(destination => destination.Name).Take(10).ToList();
            problems.Add(line, column, "spec.contents", name, $"there is no such Destination; {(there.Count == 0 ? "declare it with this pipeline or before it" : $"there are {string.Join(", ", there)}")}");
        }
    }

    private static void CheckPorts(PipelineFacts facts, Pipeline pipeline, IReadOnlyList<ListenPort> ports, ResourceProblems problems)
    {
        foreach (var twice in ports.GroupBy(port => port.ToString()).Where(group => group.Count() > 1))
        {
            var port = twice.Last();
            problems.Add(port.At, $"spec.contents.{port.Component}", $"listens on {port}, and so does {twice.First().Component}; give one of the two another port");
        }

        foreach (var port in ports)
        {
            var other = facts.OnPort(port).FirstOrDefault(other => other.Name != pipeline.Name && MatcherSets.CanMeet(other.Matchers, pipeline.Matchers));
            if (other is not null)
            {
                problems.Add(port.At, $"spec.contents.{port.Component}", $"listens on {port}, and so does pipeline {other.Name}, which may be on the same agent; use another port, one pipeline for both, or matchers that exclude each other (team=a, team=b)");
            }
        }
    }

    /// <summary>Those who read its exports go on doing so.</summary>
    private static void CheckReaders(PipelineFacts facts, Pipeline pipeline, ResourceProblems problems)
    {
        if (pipeline.Contents is not AlloyContents alloy)
        {
            return;
        }

        foreach (var reader in facts.ReadersOf(pipeline).Where(reader => reader.Name != pipeline.Name))
        {
            var missing = ((AlloyContents)reader.Contents).Uses.Imports.FirstOrDefault(import => (import.Pipeline == pipeline.Name || import.Pipeline == pipeline.DisplayName)
                && (!pipeline.Enabled || !alloy.Uses.Exports.Contains(import.Export)));
            if (missing.Export is not null)
            {
                problems.Add(alloy.Place.Line, alloy.Place.Column, "spec.contents", "", $"export {missing.Export} is read by pipeline {reader.Name}, and would no longer be there; keep it, or change {reader.Name} with this");
            }
        }
    }

    private static void CheckModule(PipelineFacts facts, Pipeline pipeline, AlloyContents alloy, ResourceProblems problems)
    {
        if (facts.OfModule(pipeline.ModuleName).FirstOrDefault(other => other.Name != pipeline.Name) is { } twin)
        {
            problems.Add(alloy.Place.Line, 1, "metadata.name", pipeline.Name, $"becomes {pipeline.ModuleName} in Alloy, and so does pipeline {twin.Name}; choose names that differ in more than '-' and '.'");
        }
    }

    private static void CheckImports(PipelineFacts facts, Pipeline pipeline, AlloyContents alloy, ResourceProblems problems)
    {
        foreach (var (name, export, place) in alloy.Uses.Imports.DistinctBy(import => (import.Pipeline, import.Export)))
        {
            var (_, line, column) = Placed(alloy, name, place);
            if (facts.Called(name) is not { Contents: AlloyContents from } source)
            {
                problems.Add(line, column, "spec.contents", name, "there is no enabled Alloy pipeline of this name to read exports of; declare it with this one or before it");
            }
            else if (!from.Uses.Exports.Contains(export))
            {
                problems.Add(line, column, "spec.contents", export, $"pipeline {name} has no export of this name{(from.Uses.Exports.Count == 0 ? "" : $"; it has {string.Join(", ", from.Uses.Exports)}")}");
            }
            else if (!MatcherSets.Covers(source.Matchers, pipeline.Matchers))
            {
                problems.Warn(line, column, "spec.contents", name, $"agents that this pipeline matches and {name} does not go without this one; give it every matcher of {name} ({string.Join(", ", source.Matchers)})");
            }
        }
    }

    private static string Names(IReadOnlyList<Pipeline> pipelines) =>
        $"pipeline{(pipelines.Count == 1 ? "" : "s")} {string.Join(", ", pipelines.Take(5).Select(pipeline => pipeline.Name))}{(pipelines.Count > 5 ? $" and {pipelines.Count - 5} more" : "")}";
}
