using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Methods;

/// <summary>What is known of a program, as far as methods ask for it. Null: it is not known; then a requirement is not held against it, and is said to be unchecked.</summary>
public sealed record ProcessTraits
{
    /// <summary>Null: no row of the matrix is known to be its.</summary>
    public MethodLanguage? Language { get; init; }

    /// <summary>"" when unknown.</summary>
    public string RuntimeVersion { get; init; } = "";

    /// <summary>"glibc" or "musl".</summary>
    public string? Libc { get; init; }

    /// <summary>"x64" or "arm64".</summary>
    public string? Architecture { get; init; }

    public bool? IsStatic { get; init; }

    public bool? IsNativeCode { get; init; }

    public bool? IsSecureExec { get; init; }

    public bool? IsInContainer { get; init; }

    public bool? HasDiagnosticPort { get; init; }

    public bool? HasUnit { get; init; }

    /// <summary>Names of agents in it that a second one would fight with; null when that is not known.</summary>
    public IReadOnlyList<string>? OtherAgents { get; init; }

    /// <summary>In words, what could not be read of it; "" when all of it was.</summary>
    public string Unreadable { get; init; } = "";

    /// <summary>Of a process that an agent looked at. Where the agent could not look, what is not known to be so is unknown.</summary>
    public static ProcessTraits Of(ProcessFact process)
    {
        var all = process.Unreadable.Length == 0;
        return new ProcessTraits
        {
            Language = MethodLanguages.Find(process.Language == "dotnet" && process.IsNativeCode ? "dotnet-native" : process.Language),
            RuntimeVersion = process.RuntimeVersion,
            Libc = process.Libc.Length > 0 ? process.Libc : null,
            IsStatic = Known(process.IsStatic, all),
            IsNativeCode = Known(process.IsNativeCode, all),
            IsSecureExec = Known(process.IsSecureExec, all),
            IsInContainer = Known(process.ContainerId.Length > 0 || process.PodUid.Length > 0, all),
            HasDiagnosticPort = Known(process.HasDiagnosticPort, all),
            // Services of a user's own manager are not the host's to change.
            HasUnit = Known(process.Unit.EndsWith(".service", StringComparison.Ordinal) && !process.Unit.StartsWith("user@", StringComparison.Ordinal), all),
            OtherAgents = !all && process.OtherAgents.Count == 0 ? null : [.. process.OtherAgents.Where(other => other.StopsInjection).Select(other => other.Name)],
            Unreadable = process.Unreadable,
        };
    }

    private static bool? Known(bool value, bool all) => value || all ? value : null;
}
