using System.Text.RegularExpressions;

namespace Gantry.Hub.Estate;

/// <summary>
/// Who owns a resource: the way by which it came, and its place there, "git/shop-config". Another owner changes it only by taking it over, so that what is
/// kept in Git is not edited by hand and then silently set back, or the other way round.
/// </summary>
public static partial class Owners
{
    /// <summary>People and programs that use the API, the command line among them.</summary>
    public const string Api = "api";

    public const string Ui = "ui";

    public const string Expected = "a word such as api, ui, git or terraform, perhaps with a place, as in git/shop-config";

    public static bool IsValid(string owner) => Pattern().IsMatch(owner);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,30}(/[A-Za-z0-9][A-Za-z0-9._:/-]{0,99})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
