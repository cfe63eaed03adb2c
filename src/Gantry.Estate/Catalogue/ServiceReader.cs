using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Catalogue;

/// <summary>
/// Reads the spec of a <c>Service</c>; all of it may be left out:
/// <code>
/// title: Shopping cart
/// owner: team-checkout
/// criticality: high              # mission_critical, high, medium or low
/// environment: prod              # "": in every environment
/// namespace: shop
/// names: [cart-svc, cart.js]     # further names of it: of an SDK, of OBI, of its process
/// separate: [cart-worker.js]     # taken for it, and not it: a name, an executable or a script
/// links: [{title: Runbook, url: 'https://wiki.example.com/cart'}]
/// </code>
/// </summary>
public static class ServiceReader
{
    private const int MostNames = 100;

    private const int MostLinks = 20;

    private const int LongestText = 200;

    private const int LongestUrl = 2048;

    /// <summary>A catalogue of a company: more than there are of any other kind.</summary>
    private const int MostServices = 20_000;

    /// <summary>Most critical first; spelt as the attribute service.criticality spells them.</summary>
    public static IReadOnlyList<string> Criticalities { get; } = ["mission_critical", "high", "medium", "low"];

    public static ResourceKind Kind { get; } = new(
        "Service", "services", Read, model => Summary((Service)model), models => ServiceClaims.Conflict(models.Cast<Service>())) { Most = MostServices, Verb = "declaredservices" };

    private static Service? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var service = new Service(
            name,
            Text(spec, "title"),
            Text(spec, "owner"),
            spec.FindWord("criticality", [.. Criticalities.Select(word => (word, new Word(word)))])?.Text ?? "",
            Text(spec, "environment"),
            Text(spec, "namespace"),
            Names(spec, "names", problems),
            Names(spec, "separate", problems),
            Links(spec, problems));
        foreach (var both in service.AllNames.Intersect(service.Separate, StringComparer.Ordinal))
        {
            spec.Problem("separate", $"'{both}' is one of its names too; it cannot be both");
        }

        spec.Done(
            ("notNames", "write separate: [...]"),
            ("aliases", "write names: [...]"));
        return problems.All.Count == before ? service : null;
    }

    private static string Text(FieldReader fields, string name)
    {
        var text = fields.FindText(name)?.Text ?? "";
        if (text.Length > LongestText || text.Any(char.IsControl))
        {
            fields.Problem(name, $"expected at most {LongestText} characters in one line");
        }

        return text;
    }

    private static List<string> Names(FieldReader spec, string field, ResourceProblems problems)
    {
        var names = new List<string>();
        foreach (var (item, path) in spec.FindList(field))
        {
            if (item is not ScalarNode { IsText: true } scalar || scalar.Text.Length is 0 or > LongestText || scalar.Text.Any(char.IsControl))
            {
                problems.Add(item, path, $"expected a name of 1 to {LongestText} characters");
            }
            else if (scalar.Text.Contains('*', StringComparison.Ordinal))
            {
                problems.Add(item, path, "has a '*', and a pattern could make one of many services without anybody seeing it; write each name out");
            }
            else if (names.Contains(scalar.Text, StringComparer.Ordinal))
            {
                problems.Add(item, path, "is there twice; keep one of the two");
            }
            else if (names.Count >= MostNames)
            {
                problems.Add(item, path, $"expected at most {MostNames} names");
                break;
            }
            else
            {
                names.Add(scalar.Text);
            }
        }

        return names;
    }

    private static List<ServiceLink> Links(FieldReader spec, ResourceProblems problems)
    {
        var links = new List<ServiceLink>();
        var items = spec.FindList("links");
        if (items.Count > MostLinks)
        {
            spec.Problem("links", $"expected at most {MostLinks} links, these are {items.Count}");
            return links;
        }

        foreach (var (item, path) in items)
        {
            if (FieldReader.Of(item, path, problems) is not { } fields)
            {
                continue;
            }

            var url = fields.Text("url", "https://wiki.example.com/cart")?.Text ?? "";
            var title = Text(fields, "title");
            if (url.Length > 0 && !IsLink(url))
            {
                fields.Problem("url", $"expected an http or https address of at most {LongestUrl} characters, without a password in it");
            }

            fields.Done();
            links.Add(new ServiceLink(title.Length > 0 ? title : url, url));
        }

        return links;
    }

    /// <summary>It becomes a link on a page.</summary>
    internal static bool IsLink(string url) =>
        url.Length <= LongestUrl && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && !SecretWords.HasUserInfo(url);

    private static string Summary(Service service)
    {
        var place = string.Join('/', new[] { service.Namespace, service.Environment }.Where(part => part.Length > 0));
        string[] parts =
        [
            service.Title,
            service.Owner.Length > 0 ? $"owner {service.Owner}" : "no owner",
            service.Criticality,
            place.Length > 0 ? $"in {place}" : "",
            service.Names.Count > 0 ? $"also {string.Join(", ", service.Names)}" : "",
            service.Separate.Count > 0 ? $"not {string.Join(", ", service.Separate)}" : "",
        ];
        return string.Join("; ", parts.Where(part => part.Length > 0));
    }

    private readonly record struct Word(string Text);
}
