using Gantry.Estate.Alloy;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>What an Alloy pipeline wants from outside, and gives.</summary>
/// <param name="Attributes">Attributes of the agent that it reads by name: <c>argument.attributes.value["team"]</c>.</param>
/// <param name="AllAttributes">It reads them in another way, so that all are needed.</param>
/// <param name="Imports">Exports of other pipelines: <c>argument.pipeline_exports.value["metrics"]["receiver"]</c>.</param>
/// <param name="Destinations">Destinations: <c>argument.destinations.value["backend"]</c>.</param>
/// <param name="Exports">Names of its own <c>export</c> blocks.</param>
/// <param name="Declared">Names of its own <c>argument</c> blocks.</param>
public sealed record AlloyUses(
    IReadOnlyList<string> Attributes, bool AllAttributes, IReadOnlyList<(string Pipeline, string Export, AlloyPlace Place)> Imports,
    IReadOnlyList<(string Name, AlloyPlace Place)> Destinations, IReadOnlyList<string> Exports, IReadOnlyList<string> Declared);

/// <summary>Reads the Alloy text of a pipeline.</summary>
internal static class AlloyContentsReader
{
    public const string Attributes = "attributes";
    public const string Exports = "pipeline_exports";
    public const string Destinations = "destinations";

    /// <summary>Blocks that set up the process, and are refused inside a module (Alloy: "service blocks not allowed inside a module").</summary>
    private static readonly HashSet<string> Service = ["logging", "tracing", "http", "remotecfg", "livedebugging", "cluster", "otel"];

    public static AlloyContents? Read(ScalarNode text, string path, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var body = AlloyParser.Parse(text.Text, out var error);
        if (body is null)
        {
            Problem(text, error!.Place, path, "", $"is not Alloy syntax: {error.Message}", problems);
            return null;
        }

        Check(text, body, path, problems, []);
        var uses = UsesOf(text, body, path, problems);
        return problems.All.Count == before ? new AlloyContents(text.Text, body, uses, text) : null;
    }

    private static void Check(ScalarNode text, AlloyBody body, string path, ResourceProblems problems, HashSet<string> seen)
    {
        foreach (var statement in body.Statements)
        {
            if (statement is not AlloyBlock block)
            {
                Problem(text, statement.Place, path, statement.Name, "is an attribute outside of any block; write it into one", problems);
                continue;
            }

            if (Service.Contains(block.Name))
            {
                Problem(text, block.Place, path, block.Name, "sets up the process as a whole, which a pipeline cannot; leave it in the agent's own file", problems);
            }
            else if (!seen.Add($"{block.Name} {block.Label}"))
            {
                Problem(text, block.Place, path, $"{block.Name} \"{block.Label}\"", "is there twice; give one of the two another label", problems);
            }
            else if (block.Name == "declare" && block.Label is null or "declare")
            {
                Problem(text, block.Place, path, block.Name, "needs a label, and another one than \"declare\"", problems);
            }
            else if (block.Label is { } label && AlloyPrinter.Identifier(label) != label)
            {
                Problem(text, block.Place, path, $"\"{label}\"", $"is no label; it has letters, digits and '_' only, as in \"{AlloyPrinter.Identifier(label)}\"", problems);
            }

            if (block.Name == "declare")
            {
                Check(text, block.Body, path, problems, []);
            }
        }

        foreach (var attribute in body.AllAttributes)
        {
            foreach (var (name, value) in Texts(attribute))
            {
                if (SecretWords.IsSecret(name) && value.Value.Length > 0)
                {
                    Problem(text, value.Place, path, "", $"{name} is a secret written out; write sys.env(\"NAME\"), or the content of a local.file or a remote.* component", problems);
                }
                else if (SecretWords.HasUserInfo(value.Value))
                {
                    Problem(text, value.Place, path, "", $"{name} has a password inside an address; use basic_auth with sys.env(\"NAME\")", problems);
                }
            }
        }
    }

    private static IEnumerable<(string Name, AlloyString Value)> Texts(AlloyAttribute attribute)
    {
        if (attribute.Value is AlloyString text)
        {
            yield return (attribute.Name, text);
        }

        foreach (var (key, value) in attribute.Value.All.OfType<AlloyObject>().SelectMany(item => item.Fields))
        {
            if (value is AlloyString inner)
            {
                yield return (key, inner);
            }
        }
    }

    private static AlloyUses UsesOf(ScalarNode text, AlloyBody body, string path, ResourceProblems problems)
    {
        var attributes = new SortedSet<string>(StringComparer.Ordinal);
        var all = false;
        var imports = new List<(string, string, AlloyPlace)>();
        var destinations = new List<(string, AlloyPlace)>();
        var declared = body.Blocks.Where(block => block.Name == "argument" && block.Label is not null).ToList();
        foreach (var block in declared.Where(block => block.Label is not (Attributes or Exports or Destinations) && !block.Body.Statements.OfType<AlloyAttribute>().Any(IsOptional)))
        {
            Problem(text, block.Place, path, $"argument \"{block.Label}\"", "nobody gives this argument; write optional = true and a default", problems);
        }

        // A module inside the text has arguments of its own.
        foreach (var expression in body.Blocks.Where(block => block.Name != "declare").SelectMany(block => block.Body.AllAttributes).SelectMany(attribute => Outermost(attribute.Value)))
        {
            switch (Path(expression))
            {
                case ["argument", Attributes, "value", { } name]:
                    attributes.Add(name);
                    break;
                case ["argument", Attributes, ..]:
                    all = true;
                    break;
                case ["argument", Exports, "value", { } pipeline, { } export, ..]:
                    imports.Add((pipeline, export, expression.Place));
                    break;
                case ["argument", Exports, ..]:
                    Problem(text, expression.Place, path, "", "exports of other pipelines are read by name, as in argument.pipeline_exports.value[\"PIPELINE\"][\"EXPORT\"]", problems);
                    break;
                case ["argument", Destinations, "value", { } destination, ..]:
                    destinations.Add((destination, expression.Place));
                    break;
                case ["argument", Destinations, ..]:
                    Problem(text, expression.Place, path, "", "destinations are read by name, as in argument.destinations.value[\"NAME\"]", problems);
                    break;
            }
        }

        var exports = body.Blocks.Where(block => block.Name == "export" && block.Label is not null).Select(block => block.Label!);
        return new AlloyUses([.. attributes], all, imports, destinations, [.. exports], [.. declared.Select(block => block.Label!)]);
    }

    private static bool IsOptional(AlloyAttribute attribute) => attribute is { Name: "optional", Value: AlloyLiteral { Text: "true" } };

    /// <summary>Chains of names and keys, whole: not the parts that they consist of.</summary>
    private static IEnumerable<AlloyExpression> Outermost(AlloyExpression expression) => Path(expression) is [_, _, ..]
        ? [expression]
        : expression.Parts.SelectMany(Outermost);

    /// <summary><c>argument.attributes.value["team"]</c> as a list of names; empty for anything that is no such chain, null for a key that is no text.</summary>
    private static List<string?> Path(AlloyExpression expression)
    {
        switch (expression)
        {
            case AlloyName name:
                return [name.Name];
            case AlloyAccess access when Path(access.Target) is { Count: > 0 } path:
                return [.. path, access.Name];
            case AlloyIndex index when Path(index.Target) is { Count: > 0 } path:
                return [.. path, (index.Key as AlloyString)?.Value];
            default:
                return [];
        }
    }

    private static void Problem(ScalarNode text, AlloyPlace place, string path, string value, string message, ResourceProblems problems)
    {
        var (line, column) = text.PlaceOf(place.Line, place.Column);
        problems.Add(line, column, path, value, text.IsBlock || place.Line == 1 ? message : $"{message} (line {place.Line} of the text, column {place.Column})");
    }
}
