using System.Text;
using Gantry.Estate.Alloy;
using Gantry.Estate.Pipelines;

namespace Gantry.Estate.Configurations;

/// <summary>
/// Alloy pipelines as one configuration: each is declared as a module and made once, with the label "default", as Grafana's Fleet Management does, so that
/// component paths are the same. Attributes of the agent, exports of other pipelines and destinations go in as arguments, where a pipeline asks for them.
/// </summary>
internal static class AlloyCompiler
{
    /// <summary>What no module may be called.</summary>
    private static readonly HashSet<string> Taken =
        ["declare", "argument", "export", "foreach", "logging", "tracing", "http", "remotecfg", "livedebugging", "cluster", "true", "false", "null"];

    /// <summary>The name of a pipeline's module.</summary>
    public static string NameOf(string pipeline) => AlloyPrinter.Identifier(pipeline) is var name && Taken.Contains(name) ? name + "_" : name;

    public static string Compile(IReadOnlyList<Pipeline> matching, CompileInput input, OriginList origins, List<CompileProblem> problems)
    {
        var pipelines = Sound([.. matching.OrderBy(pipeline => pipeline.Name, StringComparer.Ordinal)], input, problems);
        var text = new StringBuilder(ConfigCompiler.HeadOf(pipelines, "//"));
        foreach (var name in pipelines.SelectMany(pipeline => Uses(pipeline).Destinations).Select(destination => destination.Name).Distinct().Order(StringComparer.Ordinal))
        {
            var destination = input.Destination(name)!;
            text.Append('\n').Append(DestinationExporter.Alloy(destination));
            origins.Add($"otelcol.exporter.{(destination.IsHttp ? "otlphttp" : "otlp")}.{DestinationExporter.LabelOf(name)}", DestinationExporter.Resource(destination), destination.Spec.Line);
        }

        foreach (var pipeline in pipelines)
        {
            Declare(text, pipeline);
            Make(text, pipeline, pipelines, input);
            foreach (var block in ((AlloyContents)pipeline.Contents).Body.Blocks)
            {
                AddOrigins(origins, $"{NameOf(pipeline.Name)}.default/", block, pipeline);
            }
        }

        return text.ToString();
    }

    /// <summary>A block and all in it; inner blocks of one name share a path, and have a line each.</summary>
    private static void AddOrigins(OriginList origins, string before, AlloyStatement statement, Pipeline pipeline)
    {
        var path = $"{before}{statement.Name}{(statement is AlloyBlock { Label: { } label } ? "." + label : "")}";
        origins.Add(path, pipeline.Resource, ((AlloyContents)pipeline.Contents).Place.PlaceOf(statement.Place.Line, statement.Place.Column).Line);
        foreach (var inner in (statement as AlloyBlock)?.Body.Statements ?? [])
        {
            AddOrigins(origins, path + ".", inner, pipeline);
        }
    }

    private static AlloyUses Uses(Pipeline pipeline) => ((AlloyContents)pipeline.Contents).Uses;

    /// <summary>Those that have all they ask for; one that is left out may take others with it.</summary>
    private static List<Pipeline> Sound(List<Pipeline> pipelines, CompileInput input, List<CompileProblem> problems)
    {
        while (true)
        {
            var wrong = pipelines.Select(pipeline => (Pipeline: pipeline, Problem: ProblemOf(pipeline, pipelines, input))).FirstOrDefault(item => item.Problem is not null);
            if (wrong.Pipeline is null)
            {
                return pipelines;
            }

            problems.Add(wrong.Problem!);
            pipelines.Remove(wrong.Pipeline);
        }
    }

    private static CompileProblem? ProblemOf(Pipeline pipeline, List<Pipeline> all, CompileInput input)
    {
        CompileProblem Problem(AlloyPlace place, string message) => new(pipeline.Resource, ((AlloyContents)pipeline.Contents).Place.PlaceOf(place.Line, place.Column).Line, message);
        if (all.FirstOrDefault(other => other != pipeline && NameOf(other.Name) == NameOf(pipeline.Name)) is { } twin && string.CompareOrdinal(twin.Name, pipeline.Name) < 0)
        {
            return Problem(new AlloyPlace(1, 1), $"its name as a module, {NameOf(pipeline.Name)}, is that of pipeline {twin.Name}");
        }

        foreach (var (name, place) in Uses(pipeline).Destinations)
        {
            if (input.Destination(name) is null)
            {
                return Problem(place, $"there is no Destination {name}");
            }
        }

        foreach (var (name, export, place) in Uses(pipeline).Imports)
        {
            var from = Called(all, name);
            if (from is null)
            {
                return Problem(place, $"it reads export {export} of pipeline {name}, which does not match this agent; the matchers of {name} must let in every agent of {pipeline.Name}");
            }

            if (!Uses(from).Exports.Contains(export))
            {
                return Problem(place, $"it reads export {export} of pipeline {name}, which has no such export");
            }

            if (Reaches(from, pipeline, all, []))
            {
                return Problem(place, $"it reads exports of pipeline {name}, which reads its own in turn");
            }
        }

        return null;
    }

    /// <summary>By its name, or by the one that people know it by.</summary>
    private static Pipeline? Called(IReadOnlyList<Pipeline> pipelines, string name) =>
        pipelines.FirstOrDefault(pipeline => pipeline.Name == name) ?? pipelines.FirstOrDefault(pipeline => pipeline.DisplayName == name);

    private static bool Reaches(Pipeline from, Pipeline to, List<Pipeline> all, HashSet<string> seen) => from == to
        || (seen.Add(from.Name) && Uses(from).Imports.Any(import => Called(all, import.Pipeline) is { } next && Reaches(next, to, all, seen)));

    private static void Declare(StringBuilder text, Pipeline pipeline)
    {
        var contents = (AlloyContents)pipeline.Contents;
        text.Append($"\ndeclare \"{NameOf(pipeline.Name)}\" {{\n");
        foreach (var name in Given(pipeline).Where(name => !contents.Uses.Declared.Contains(name)))
        {
            text.Append($"argument \"{name}\" {{ }}\n\n");
        }

        text.Append(contents.Text.TrimEnd('\n')).Append("\n}\n");
    }

    private static void Make(StringBuilder text, Pipeline pipeline, IReadOnlyList<Pipeline> pipelines, CompileInput input)
    {
        var uses = Uses(pipeline);
        text.Append($"\n{NameOf(pipeline.Name)} \"default\" {{");
        var given = Given(pipeline).ToList();
        foreach (var name in given)
        {
            var fields = name switch
            {
                AlloyContentsReader.Attributes => (uses.AllAttributes ? input.Attributes.Keys : uses.Attributes).Order(StringComparer.Ordinal)
                    .Select(key => $"\t\t{AlloyPrinter.Quote(key)} = {AlloyPrinter.Quote(input.Attributes.GetValueOrDefault(key, ""))},\n"),
                AlloyContentsReader.Destinations => uses.Destinations.Select(item => item.Name).Distinct().Order(StringComparer.Ordinal)
                    .Select(key => $"\t\t{AlloyPrinter.Quote(key)} = {DestinationExporter.AlloyInput(input.Destination(key)!)},\n"),
                _ => Imports(uses, pipelines),
            };
            text.Append($"\n\t{name} = {{\n").AppendJoin("", fields).Append("\t}");
        }

        text.Append(given.Count > 0 ? "\n}\n" : " }\n");
    }

    private static IEnumerable<string> Imports(AlloyUses uses, IReadOnlyList<Pipeline> pipelines) => uses.Imports.GroupBy(import => import.Pipeline).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"\t\t{AlloyPrinter.Quote(group.Key)} = {{\n"
            + string.Concat(group.Select(import => import.Export).Distinct().Order(StringComparer.Ordinal)
                .Select(export => $"\t\t\t{AlloyPrinter.Quote(export)} = {NameOf(Called(pipelines, group.Key)!.Name)}.default.{export},\n"))
            + "\t\t},\n");

    /// <summary>Arguments that it asks for.</summary>
    private static IEnumerable<string> Given(Pipeline pipeline)
    {
        var uses = Uses(pipeline);
        if (uses.AllAttributes || uses.Attributes.Count > 0 || uses.Declared.Contains(AlloyContentsReader.Attributes))
        {
            yield return AlloyContentsReader.Attributes;
        }

        if (uses.Destinations.Count > 0)
        {
            yield return AlloyContentsReader.Destinations;
        }

        if (uses.Imports.Count > 0)
        {
            yield return AlloyContentsReader.Exports;
        }
    }
}
