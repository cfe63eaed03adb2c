using Gantry.Estate.Ladder;

namespace Gantry.Estate.Methods;

/// <summary>When a method that was applied begins to act.</summary>
public enum MethodEffect
{
    /// <summary>On what runs already.</summary>
    Running,

    /// <summary>On the next start.</summary>
    NextStart,

    /// <summary>On what is built from then on.</summary>
    NextBuild,
}

/// <summary>Whether the program's image changes.</summary>
public enum ImageChange
{
    Never,

    /// <summary>Where programs come in images: nothing can be put beside them there.</summary>
    WhereThereAreImages,

    Always,
}

/// <summary>A way to instrument. Everything about it is said here, and decided by nothing else.</summary>
/// <param name="Id">Stable: plans, states and links name it.</param>
/// <param name="Does">What it does, in a sentence.</param>
/// <param name="Because">Why one would take it, as the second half of a sentence.</param>
/// <param name="Rungs">The rungs that it can serve: <see cref="Rung.Baseline"/>, <see cref="Rung.Transactions"/>.</param>
/// <param name="Inside">It puts an agent into the process.</param>
/// <param name="Privilege">The rights that it takes, for a person; "" for none.</param>
/// <param name="Needs">What must be there before, for a person; "" for nothing.</param>
/// <param name="Requirements">What a process must be like; all of them.</param>
/// <param name="Sources">Ids of <see cref="MethodSource"/>.</param>
public sealed record InstrumentationMethod(
    string Id,
    string Title,
    string Does,
    string Because,
    IReadOnlyList<Rung> Rungs,
    MethodEffect Effect,
    ImageChange Image,
    bool Inside,
    string Privilege,
    string Needs,
    IReadOnlyList<MethodRequirement> Requirements,
    IReadOnlyList<string> Sources)
{
    public MethodCost CostOn(MethodPlatform platform) => new(
        Effect switch
        {
            MethodEffect.Running => MethodRestart.None,
            MethodEffect.NextStart => platform.Restart,
            _ => MethodRestart.Rebuild,
        },
        Privilege,
        Image == ImageChange.Always || (Image == ImageChange.WhereThereAreImages && platform.Images));
}

/// <summary>What a method costs on a platform.</summary>
/// <param name="Privilege">"" for none.</param>
/// <param name="Image">The program's image changes.</param>
public sealed record MethodCost(MethodRestart Restart, string Privilege, bool Image);

/// <summary>Where a statement of the catalogue comes from.</summary>
/// <param name="Where">Repository and path, or page; "" for Gantry's own tests and for what was concluded.</param>
public sealed record MethodSource(string Id, string Title, string Where);
