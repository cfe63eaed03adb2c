using Gantry.Estate.Resources;

namespace Gantry.Hub.Estate;

/// <summary>A declared resource as the hub keeps it.</summary>
/// <param name="Document">Null when a stored text is not one that this version of the hub can read; <paramref name="Problem"/> says why.</param>
/// <param name="Text">As given.</param>
/// <param name="Generation">1 at its creation, and one more with each change.</param>
/// <param name="Version">Of the whole estate when it last changed: never used twice, so it serves as the entity tag.</param>
/// <param name="Source">Who applied it, in their own words.</param>
/// <param name="Owner">Who alone may change it: see <see cref="Owners"/>.</param>
internal sealed record StoredResource(
    ResourceKind Kind, string Name, ResourceDocument? Document, string Text, long Generation, long Version, string Source, DateTimeOffset Created, DateTimeOffset Applied, string Problem,
    string Owner = Owners.Api)
{
    public string Tag => $"\"{Version}\"";

    public ResourceRow ToRow() => new(
        Kind.Kind,
        Name,
        Document?.Labels ?? new Dictionary<string, string>(),
        Generation,
        Version,
        Source,
        Created,
        Applied,
        Document is null ? "" : Kind.Summarise(Document.Model),
        Problem,
        Text,
        Owner);
}

/// <summary>A declared resource, as every door shows it.</summary>
/// <param name="Generation">1 at its creation, and one more with each change.</param>
/// <param name="Version">Its entity tag, without the quotes.</param>
/// <param name="Source">Who applied it, in their own words.</param>
/// <param name="Summary">Its content in a few words.</param>
/// <param name="Problem">Why this hub cannot read it; "" when it can.</param>
/// <param name="Document">As given, with its comments.</param>
/// <param name="Owner">Who alone may change it without taking it over: "api", "ui", "git/shop-config".</param>
public sealed record ResourceRow(
    string Kind,
    string Name,
    IReadOnlyDictionary<string, string> Labels,
    long Generation,
    long Version,
    string Source,
    DateTimeOffset Created,
    DateTimeOffset Applied,
    string Summary,
    string Problem,
    string Document,
    string Owner = Owners.Api);

/// <summary>What applying or deleting a resource did, or with a dry run would do.</summary>
/// <param name="Result">"created", "changed", "unchanged" or "deleted".</param>
/// <param name="Warnings">What is probably not meant so.</param>
public sealed record ResourceChange(string Result, bool DryRun, ResourceRow Resource, IReadOnlyList<ResourceProblem>? Warnings = null);
