namespace Gantry.Agent.Processes;

/// <summary>The language that an interpreter's file name tells: node, python3.11, php-fpm8.2, ruby, java, dotnet.</summary>
internal static class ProgramNames
{
    private static readonly (string Name, string Language)[] Known =
    [
        ("node", "nodejs"), ("nodejs", "nodejs"), ("java", "java"), ("dotnet", "dotnet"), ("python", "python"), ("pypy", "python"),
        ("ruby", "ruby"), ("php", "php"), ("php-fpm", "php"), ("php-cgi", "php"),
    ];

    /// <returns>"" when the name tells nothing.</returns>
    public static string LanguageOf(ReadOnlySpan<char> name)
    {
        // A version may follow the name: python3.11, ruby3.1, php-fpm8.2. Not so "nodejs-exporter" or "javac".
        var plain = name.TrimEnd("0123456789.");
        foreach (var (known, language) in Known)
        {
            if (plain.SequenceEqual(known))
            {
                return language;
            }
        }

        return "";
    }
}
