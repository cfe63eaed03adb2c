using Gantry.Estate.Matching;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Packages;

/// <summary>
/// A <c>Package</c> resource, read: a file that agents which match are to download and install. (OpAMP v0.20, "Packages".) The hub says where it is and what
/// it must be, and has neither the file nor a key to sign it with.
/// </summary>
/// <param name="IsAddon">Beside the agent itself, which is the one package that is none.</param>
/// <param name="Sha256">Of the file, 32 bytes.</param>
/// <param name="Signature">Made where the file was made; empty: none. What agents demand of it is theirs to say.</param>
public sealed record Package(string Name, bool IsAddon, IReadOnlyList<AgentMatcher> Matchers, string Version, string Url, byte[] Sha256, byte[] Signature);

/// <summary>
/// Reads the spec of a <c>Package</c>:
/// <code>
/// type: topLevel          # or addon
/// matchers: [collector.os=linux]
/// version: 0.158.0
/// url: https://files.example/otelcol-0.158.0.tar.gz
/// sha256: 9f86d081…       # of the file, 64 hexadecimal digits
/// signature: MEUCIQ…      # optional, base64
/// </code>
/// </summary>
public static class PackageReader
{
    public static ResourceKind Kind { get; } = new("Package", "packages", Read, model => Summary((Package)model));

    private static Package? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var isAddon = spec.FindWord("type", ("topLevel", false), ("addon", true)) ?? false;
        var matchers = MatcherReader.Read(spec, problems);
        var version = spec.Text("version", "0.158.0")?.Text ?? "";
        var url = spec.Text("url", "https://files.example/otelcol-0.158.0.tar.gz")?.Text ?? "";
        if (url.Length > 0)
        {
            CheckUrl(spec, url);
        }

        var sha256 = Bytes(spec.Text("sha256", "the 64 digits that sha256sum prints")?.Text, Convert.FromHexString);
        if (spec.Find("sha256") is not null && sha256 is not { Length: 32 })
        {
            spec.Problem("sha256", "expected 64 hexadecimal digits, as sha256sum prints them");
        }

        var signature = Bytes(spec.FindText("signature")?.Text ?? "", Convert.FromBase64String);
        if (signature is null)
        {
            spec.Problem("signature", "expected base64");
        }

        spec.Done(("headers", "an agent takes them as they are, and a hub keeps no secrets: give a place where agents may read without"));
        return problems.All.Count == before ? new Package(name, isAddon, matchers, version, url, sha256!, signature!) : null;
    }

    private static void CheckUrl(FieldReader spec, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            spec.Problem("url", "expected a URL such as https://files.example/otelcol.tar.gz");
        }
        else if (SecretWords.HasUserInfo(text))
        {
            spec.Problem("url", "has a password inside the address; give a place where agents may read without");
        }
    }

    private static byte[]? Bytes(string? text, Func<string, byte[]> read)
    {
        try
        {
            return text is null ? null : read(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Summary(Package package) =>
        $"{(package.IsAddon ? "addon" : "the agent itself")}, version {package.Version}: {(package.Matchers.Count == 0 ? "no agent" : string.Join(", ", package.Matchers))}";
}
