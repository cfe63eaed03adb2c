using Gantry.Estate.Resources;

namespace Gantry.Hub.Estate;

/// <summary>Answers to those who come second: what the other one did, and what they meant to do, so that nothing is lost.</summary>
internal static class ResourceConflict
{
    /// <summary>Lines of a difference in an answer.</summary>
    private const int MostLines = 2000;

    /// <summary>412 with <c>theirs</c> (from the version built on to the present one), <c>yours</c> (from the version built on to the document given) and the present resource.</summary>
    public static IResult Of(ResourceStore store, ResourceKind kind, string name, StoredResource? present, long? expected, string text)
    {
        if (present is null)
        {
            return ResourceEndpoints.Problem(StatusCodes.Status412PreconditionFailed, $"{kind.Kind} {name} is not there");
        }

        var basis = expected is > 0 and var version && store.Revision(version) is { } revision && revision.Kind == kind.Kind && revision.Name == name ? revision.Document : null;
        var yours = text.Length == 0 ? [] : LineDiff.Of(basis ?? present.Text, text);
        return Results.Problem(
            statusCode: StatusCodes.Status412PreconditionFailed,
            detail: $"{kind.Kind} {name} is in version {present.Version}, applied by {present.Source}; read it again and build on that",
            extensions: new Dictionary<string, object?>
            {
                ["current"] = present.ToRow(),
                ["theirs"] = basis is null ? [] : LineDiff.Of(basis, present.Text).Take(MostLines).ToArray(),
                ["yours"] = yours.Take(MostLines).ToArray(),
            });
    }

    public static string OwnedBy(StoredResource resource) =>
        $"{resource.Kind.Kind} {resource.Name} is owned by {resource.Owner} (applied by {resource.Source}); change it there, or take it over with takeOver=true (--take-over)";
}
