namespace Gantry.Estate.Methods;

/// <summary>A language as far as instrumenting it goes: what is compiled ahead of time is a row of its own.</summary>
/// <param name="Id">"java", "dotnet-native".</param>
/// <param name="Sdk">As telemetry.sdk.language spells it.</param>
/// <param name="Aliases">What people write instead.</param>
public sealed record MethodLanguage(string Id, string Title, string Sdk, IReadOnlyList<string> Aliases);

/// <summary>The rows of the matrix.</summary>
public static class MethodLanguages
{
    public static IReadOnlyList<MethodLanguage> All { get; } =
    [
        new("java", "Java", "java", ["jvm"]),
        new("nodejs", "Node.js", "nodejs", ["node", "javascript", "js"]),
        new("python", "Python", "python", []),
        new("dotnet", ".NET", "dotnet", [".net", "csharp", "c#", "dotnet8plus"]),
        new("dotnet-native", ".NET Native AOT", "dotnet", ["dotnet_aot", "nativeaot", "aot"]),
        new("php", "PHP", "php", []),
        new("ruby", "Ruby", "ruby", []),
        new("go", "Go", "go", ["golang"]),
        new("rust", "Rust", "rust", []),
        new("cpp", "C and C++", "cpp", ["c", "c++", "c_cpp"]),
    ];

    /// <returns>Null: it is in no row.</returns>
    /// <param name="word">An id or an alias, in any case.</param>
    public static MethodLanguage? Find(string word) =>
        All.FirstOrDefault(language => Is(language.Id, word) || language.Aliases.Any(alias => Is(alias, word)));

    private static bool Is(string name, string word) => string.Equals(name, word, StringComparison.OrdinalIgnoreCase);
}
