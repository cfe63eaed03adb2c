namespace Gantry.Estate.Methods;

/// <summary>What can be asked of a process. How each is checked, and what is said when it does not hold, is in <see cref="RequirementRules"/>.</summary>
public enum RequirementKind
{
    /// <summary>The runtime's version is in the range <see cref="MethodRequirement.Value"/>: see <see cref="VersionRange"/>.</summary>
    RuntimeVersion,

    /// <summary>Its C library is the one named.</summary>
    Libc,

    /// <summary>Its processor architecture is the one named: "x64" or "arm64".</summary>
    Architecture,

    /// <summary>A loader starts it: it is not linked statically.</summary>
    Loader,

    /// <summary>A runtime runs it: it is not compiled ahead of time.</summary>
    Runtime,

    /// <summary>The kernel does not run it with raised rights.</summary>
    PlainExec,

    /// <summary>No other agent is in it that would fight with a second one.</summary>
    Alone,

    /// <summary>It is in no container.</summary>
    OnHost,

    /// <summary>Its runtime can be attached to.</summary>
    DiagnosticPort,

    /// <summary>systemd starts it.</summary>
    Unit,

    /// <summary>Some method that applies to it puts an agent into it.</summary>
    Agent,

    /// <summary>Some method that applies to it makes spans of it.</summary>
    Spans,
}

/// <summary>One thing that a method asks of a process.</summary>
/// <param name="Language">Id of the only language that is asked; "" asks all.</param>
public sealed record MethodRequirement(RequirementKind Kind, string Value = "", string Language = "");
