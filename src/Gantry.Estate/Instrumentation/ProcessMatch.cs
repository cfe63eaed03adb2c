using Gantry.Estate.Sampling;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation;

/// <summary>
/// Which processes a rule is for. Every list that has something in it must have an item that holds (AND of ORs); texts are globs with '*'. Arguments cannot be
/// asked for: they hold secrets and never leave their host, so no preview could show what matches. The script's name can.
/// </summary>
public sealed record ProcessMatch
{
    /// <summary>As telemetry.sdk.language spells them: "nodejs", "dotnet".</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Paths of executables, as the process sees them.</summary>
    public IReadOnlyList<string> Executables { get; init; } = [];

    /// <summary>Names of the script, assembly or jar.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>systemd units.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>Container ids.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>Users that it runs as.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Declared service names.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Ports that it listens on.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    public bool IsEmpty => Languages.Count + Executables.Count + Scripts.Count + Units.Count + Containers.Count + Owners.Count + Services.Count + Ports.Count == 0;

    /// <summary>An empty match holds for every process.</summary>
    public bool Holds(ProcessFact process) =>
        Any(Languages, process.Language)
        && Any(Executables, process.Executable)
        && Any(Scripts, process.Script)
        && Any(Units, process.Unit)
        && Any(Containers, process.ContainerId)
        && Any(Owners, process.Owner)
        && Any(Services, process.DeclaredService)
        && (Ports.Count == 0 || process.Listening.Exists(socket => Ports.Contains((int)socket.Port)));

    /// <summary>A process that has none of what a list asks for is matched by no item of it, not even by "*".</summary>
    private static bool Any(IReadOnlyList<string> globs, string text)
    {
        if (globs.Count == 0)
        {
            return true;
        }

        foreach (var glob in globs)
        {
            if (text.Length > 0 && Glob.Matches(glob, text))
            {
                return true;
            }
        }

        return false;
    }
}
