using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gantry.Estate.Methods;

/// <summary>What an image tells of the program in it: by its name, by its Dockerfile, or by what `docker inspect` says. Guesses are marked by what made them.</summary>
/// <param name="Because">What told it, for a person: "the name node:20-alpine".</param>
public sealed partial record ImageTraits(MethodLanguage? Language, string Version, string? Libc, string? Architecture, bool? IsStatic, string Because)
{
    private const int Longest = 1024 * 1024;

    private const string ArchitectureField = "Architecture";

    /// <summary>Last part of an image's name, the language, and whether its tag is the language's version.</summary>
    private static readonly (string Name, string Language)[] Names =
    [
        ("node", "nodejs"), ("python", "python"), ("ruby", "ruby"), ("php", "php"), ("golang", "go"), ("rust", "rust"), ("gcc", "cpp"), ("aspnet", "dotnet"), ("sdk", "dotnet"), ("runtime", "dotnet"),
        ("runtime-deps", "dotnet-native"), ("openjdk", "java"), ("eclipse-temurin", "java"), ("amazoncorretto", "java"), ("tomcat", ""), ("java17-debian12", "java"), ("java21-debian12", "java"),
    ];

    /// <summary>Variables that official images set to the version of their language.</summary>
    private static readonly (string Variable, string Language)[] Variables =
    [
        ("NODE_VERSION", "nodejs"), ("PYTHON_VERSION", "python"), ("RUBY_VERSION", "ruby"), ("PHP_VERSION", "php"), ("JAVA_VERSION", "java"), ("ASPNET_VERSION", "dotnet"), ("DOTNET_VERSION", "dotnet"),
        ("GOLANG_VERSION", "go"), ("RUST_VERSION", "rust"),
    ];

    public ProcessTraits Traits => new()
    {
        Language = Language, RuntimeVersion = Version, Libc = Libc, Architecture = Architecture, IsStatic = IsStatic, IsInContainer = true, IsNativeCode = Language is null ? null : Language.Id == "dotnet-native",
    };

    /// <returns>Null: the name tells nothing.</returns>
    public static ImageTraits? OfName(string image)
    {
        var plain = image.Split('@')[0];
        var last = plain[(plain.LastIndexOf('/') + 1)..].Split(':');
        var (name, tag) = (last[0], last.Length > 1 ? last[1] : "");
        var because = $"the name {image}";
        if (name == "scratch" || plain.Contains("distroless/static", StringComparison.Ordinal))
        {
            return new ImageTraits(null, "", null, null, IsStatic: true, because);
        }

        var libc = (name + tag).Contains("alpine", StringComparison.Ordinal) ? "musl" : null;
        var found = Array.Find(Names, known => known.Name == name);
        // An SDK of another vendor may be called sdk too.
        var language = found.Language is null or "" || (found.Language.StartsWith("dotnet", StringComparison.Ordinal) && !plain.Contains("dotnet/", StringComparison.Ordinal)) ? null : MethodLanguages.Find(found.Language);
        if (language is null && libc is null)
        {
            return null;
        }

        var version = language is null ? "" : Leading().Match(name.StartsWith("java", StringComparison.Ordinal) ? name[4..] : tag).Value;
        return new ImageTraits(language, version, libc ?? (language is null ? null : "glibc"), null, null, because);
    }

    /// <summary>Of a Dockerfile: the last stage's base, through the stages that it is made from.</summary>
    /// <returns>Null: it tells nothing.</returns>
    public static ImageTraits? OfDockerfile(string text)
    {
        var stages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var arguments = new Dictionary<string, string>();
        var last = "";
        foreach (var line in text.Length > Longest ? [] : text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToArray();
            if (words is [var arg, var pair, ..] && Is(arg, "ARG") && pair.Split('=', 2) is [var key, var value])
            {
                arguments[key] = value.Trim('"');
            }
            else if (words is [var from, var image, .. var rest] && Is(from, "FROM"))
            {
                last = Argument().Replace(image, match => arguments.GetValueOrDefault(match.Groups["name"].Value, match.Value));
                last = stages.GetValueOrDefault(last, last);
                if (rest is [var @as, var stage, ..] && Is(@as, "AS"))
                {
                    stages[stage] = last;
                }
            }
        }

        return last.Length > 0 && OfName(last) is { } traits ? traits with { Because = $"FROM {last} of the Dockerfile" } : null;
    }

    /// <summary>Of the JSON that `docker inspect IMAGE` writes.</summary>
    /// <returns>Null: it is no such JSON, or tells nothing.</returns>
    public static ImageTraits? OfInspect(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Length > Longest ? "" : text);
            var image = document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0 ? document.RootElement[0] : document.RootElement;
            if (image.ValueKind != JsonValueKind.Object || !image.TryGetProperty("Config", out var config) || config.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var environment = (config.TryGetProperty("Env", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(item => item.ToString().Split('=', 2)) : [])
                .Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
            var known = Array.Find(Variables, variable => environment.ContainsKey(variable.Variable));
            var architecture = image.TryGetProperty(ArchitectureField, out var arch) ? arch.ToString() switch { "amd64" => "x64", "arm64" => "arm64", _ => null } : null;
            if (known.Variable is null)
            {
                return null;
            }

            // Java's images write jdk-17.0.9+9; none of these images says its C library.
            return new ImageTraits(MethodLanguages.Find(known.Language), Digits().Match(environment[known.Variable]).Value, null, architecture, null, $"{known.Variable} in the image's environment");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\d+(\.\d+)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leading();

    [GeneratedRegex(@"\d+(\.\d+)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Argument();
}
