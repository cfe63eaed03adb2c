using Gantry.Estate.Methods;

namespace Gantry.Estate.Quality;

/// <summary>Runtimes that SDKs say they support, as data: language, SDK versions, runtime versions. From the readme or the package of each SDK.</summary>
public static class SupportedRuntimes
{
    private static readonly (string Language, string Sdk, string Runtime)[] Table =
    [
        ("java", ">=1", ">=8"),
        ("nodejs", ">=2", "^18.19 || >=20.6"),
        ("nodejs", "^1", ">=14"),
        ("python", ">=1.34", ">=3.9"),
        ("python", ">=1.26", ">=3.8"),
        ("python", ">=1.13", ">=3.7"),
        ("dotnet", ">=1.10", ">=8"),
        ("dotnet", "^1", ">=6"),
    ];

    /// <param name="language">telemetry.sdk.language.</param>
    /// <param name="sdk">telemetry.sdk.version.</param>
    /// <param name="runtimeName">process.runtime.name; .NET Framework has version numbers of its own.</param>
    /// <param name="runtime">process.runtime.version.</param>
    /// <returns>Null where it is not known.</returns>
    public static bool? Supports(string language, string sdk, string runtimeName, string runtime)
    {
        if (runtimeName.Contains("Framework", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var version = language == "java" ? VersionRange.WithoutJavasOne(runtime) : runtime;
        foreach (var row in Table)
        {
            if (row.Language == language && VersionRange.Contains(row.Sdk, sdk) == true)
            {
                return VersionRange.Contains(row.Runtime, version);
            }
        }

        return null;
    }
}
