using System.CommandLine;
using Gantry.Estate.Methods;

namespace Gantry.Cli.Methods;

/// <summary>Options that name a language, a platform, a C library or an architecture.</summary>
internal static class MethodOptions
{
    public static Option<string?> Language(bool required) => Word("--language", "Language of the program", "LANGUAGE", [.. MethodLanguages.All.Select(language => language.Id)], word => MethodLanguages.Find(word) is not null, required);

    public static Option<string?> Platform(string description, params IReadOnlyList<string> only) => Word(
        "--platform", description, "PLATFORM", only.Count > 0 ? only : [.. MethodPlatforms.All.Select(platform => platform.Id)],
        word => MethodPlatforms.Find(word) is { } platform && (only.Count == 0 || only.Contains(platform.Id)), required: false);

    public static Option<string?> Libc() => Word("--libc", "C library of the program's image or host", "glibc|musl", ["glibc", "musl"], word => word is "glibc" or "musl", required: false);

    public static Option<string?> Architecture() => Word("--arch", "Processor architecture", "x64|arm64", ["x64", "arm64"], word => word is "x64" or "arm64", required: false);

    private static Option<string?> Word(string name, string description, string help, IReadOnlyList<string> words, Func<string, bool> isKnown, bool required)
    {
        var option = new Option<string?>(name) { Description = help.Contains('|') ? description : $"{description}: {string.Join(", ", words)}", HelpName = help, Required = required };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !isKnown(result.Tokens[0].Value))
            {
                result.AddError($"{name} '{result.Tokens[0].Value}': expected {string.Join(", ", words)}");
            }
        });
        return option;
    }
}
