using Gantry.Estate.Resources;

namespace Gantry.Estate.Journeys;

/// <summary>
/// Reads the spec of a <c>Journey</c>:
/// <code>
/// title: Buy something           # the name where it is left out
/// owner: team-checkout
/// description: From the basket to the order.
/// entry: {service: storefront, operation: POST /purchase, namespace: shop, environment: prod}   # all but service may be left out
/// hops: learn                    # or a list; learn is the default
/// # hops:
/// # - {service: catalog, from: storefront}
/// # - {service: fulfilment, queue: orders, optional: true}
/// objectives:
/// - {name: available, indicator: errors, target: 99.5%, window: 28d}
/// - {name: fast, indicator: duration, threshold: 500ms, target: 95%, window: 28d}
/// </code>
/// </summary>
public static class JourneyReader
{
    public const int MostHops = 100;

    public const int MostObjectives = 20;

    /// <summary>Of all journeys together: each is counted by the minute.</summary>
    public const int MostObjectivesTogether = 500;

    /// <summary>Of a service, an operation and so on, in characters.</summary>
    public const int LongestName = 256;

    private const int LongestText = 4096;

    private const string Learn = "learn";

    public static ResourceKind Kind { get; } = new("Journey", "journeys", Read, model => Summary((Journey)model), CheckTogether) { Most = 200, Doc = "journeys" };

    /// <summary>One line of text up to <see cref="LongestName"/> characters; "" where it is not there.</summary>
    internal static string Name(FieldReader fields, string name) => Text(fields, name, LongestName, "without line breaks", char.IsControl);

    private static Journey? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var title = Name(spec, "title");
        var owner = Name(spec, "owner");
        var description = Text(spec, "description", LongestText, "of text", c => char.IsControl(c) && c is not ('\n' or '\t'));
        var entry = Entry(spec);
        var hops = Hops(spec, entry, problems);
        var objectives = Objectives(spec, entry, hops, problems);
        spec.Done(("target", "the rung that a journey should reach is said by a Campaign"), ("slos", "write objectives"), ("steps", "write hops"));
        return problems.All.Count == before
            ? new Journey(name, title.Length > 0 ? title : name, owner, entry, hops, objectives) { Description = description }
            : null;
    }

    private static JourneyEntry Entry(FieldReader spec)
    {
        if (spec.Find("entry") is null)
        {
            spec.Problem("entry", "is missing; write entry: {service: storefront, operation: POST /purchase}");
        }

        if (spec.FindMapping("entry") is not { } fields)
        {
            return new JourneyEntry("", "", "", "");
        }

        var entry = new JourneyEntry(Required(fields, "service", "storefront"), Name(fields, "namespace"), Name(fields, "environment"), Name(fields, "operation"));
        fields.Done();
        return entry;
    }

    private static List<ExpectedHop> Hops(FieldReader spec, JourneyEntry entry, ResourceProblems problems)
    {
        var hops = new List<ExpectedHop>();
        if (spec.Find("hops") is null or ScalarNode { Text: Learn })
        {
            return hops;
        }

        if (spec.Find("hops") is not ListNode list || list.Items.Count is 0 or > MostHops)
        {
            spec.Problem("hops", $"expected learn, or a list of 1 to {MostHops} hops, such as - {{service: catalog, from: storefront}}");
            return hops;
        }

        var read = new List<(ExpectedHop Hop, FieldReader Fields)>();
        foreach (var (item, path) in spec.FindList("hops"))
        {
            if (FieldReader.Of(item, path, problems) is { } fields)
            {
                var hop = new ExpectedHop(
                    Required(fields, "service", "catalog"), Name(fields, "from"), Name(fields, "queue"), fields.FindWord("optional", ("true", true), ("false", false)) ?? false);
                fields.Done();
                if (hops.Exists(other => other with { Optional = hop.Optional } == hop))
                {
                    problems.Add(item, path, "is there twice; keep one of the two");
                }

                hops.Add(hop);
                read.Add((hop, fields));
            }
        }

        // Only now all are known: a hop may be called by one that stands below it.
        foreach (var (hop, fields) in read)
        {
            if (hop.From.Length > 0 && hop.From != entry.Service && !hops.Exists(other => other.Service == hop.From))
            {
                fields.Problem("from", $"is neither the entry's service nor that of a hop; add {hop.From} as a hop, or leave from out");
            }
        }

        return hops;
    }

    private static List<Objective> Objectives(FieldReader spec, JourneyEntry entry, List<ExpectedHop> hops, ResourceProblems problems)
    {
        var objectives = new List<Objective>();
        var items = spec.FindList("objectives");
        if (items.Count > MostObjectives)
        {
            spec.Problem("objectives", $"expected at most {MostObjectives} objectives, these are {items.Count}");
            return objectives;
        }

        foreach (var (item, path) in items)
        {
            if (FieldReader.Of(item, path, problems) is not { } fields || ObjectiveReader.Read(fields, entry, objectives, problems) is not { } objective)
            {
                continue;
            }

            if (objective.Service.Length > 0 && hops.Count > 0 && !hops.Exists(hop => hop.Service == objective.Service))
            {
                fields.Problem("service", $"is neither the entry's service nor that of a hop; add {objective.Service} as a hop, or leave service out for the entry");
            }

            objectives.Add(objective);
        }

        return objectives;
    }

    private static string Required(FieldReader fields, string name, string example)
    {
        if (fields.Find(name) is null)
        {
            fields.Problem(name, $"is missing; write {name}: {example}");
            return "";
        }

        return Name(fields, name);
    }

    internal static string Text(FieldReader fields, string name, int longest, string what, Func<char, bool> isBad)
    {
        var node = fields.FindText(name);
        if (node is not null && (node.Text.Length is 0 || node.Text.Length > longest || node.Text.Any(isBad)))
        {
            fields.Problem(name, $"expected 1 to {longest} characters {what}; leave it out for none");
        }

        return node?.Text ?? "";
    }

    private static string CheckTogether(IEnumerable<object> journeys) =>
        journeys.Sum(journey => ((Journey)journey).Objectives.Count) is > MostObjectivesTogether and var count
            ? $"all journeys together would have {count} objectives, and a hub counts at most {MostObjectivesTogether}; leave out those that nobody looks at"
            : "";

    private static string Summary(Journey journey)
    {
        var entry = journey.Entry.Operation.Length > 0 ? $"{journey.Entry.Service} {journey.Entry.Operation}" : journey.Entry.Service;
        var hops = journey.Hops.Count switch { 0 => "hops learnt", 1 => "1 hop", var count => $"{count} hops" };
        return $"{entry}, {hops}{journey.Objectives.Count switch { 0 => "", 1 => ", 1 objective", var count => $", {count} objectives" }}";
    }
}
