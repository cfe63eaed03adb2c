using System.Globalization;

namespace Gantry.Estate.Quality;

/// <summary>What a rule of the company's own asks of a service.</summary>
public abstract record QualityRequirement
{
    /// <summary>For people, behind the word "needs".</summary>
    public abstract string Words { get; }
}

/// <summary>It stands on a rung of the ladder or above, by fresh evidence.</summary>
/// <param name="Rung">Baseline, Transactions or Custom.</param>
public sealed record RungRequirement(Ladder.Rung Rung) : QualityRequirement
{
    public override string Words => $"rung {Rung} or above";
}

/// <summary>Everything that sends for it says a resource attribute.</summary>
/// <param name="Key">One of <see cref="Gantry.Protocol.Observations.SourceAttributes"/>.</param>
public sealed record AttributeRequirement(string Key) : QualityRequirement
{
    public override string Words => $"{Key} on everything that sends for it";
}

/// <summary>A finding is not made.</summary>
/// <param name="Code">One of <see cref="Findings.FindingCatalogue"/>.</param>
public sealed record NoFindingRequirement(string Code) : QualityRequirement
{
    public override string Words => $"no finding {Code}";
}

/// <summary>Somebody is declared to own it.</summary>
public sealed record OwnerRequirement : QualityRequirement
{
    public override string Words => "a declared owner";
}

/// <summary>Its official Instrumentation Score.</summary>
/// <param name="Least">1 to 100.</param>
public sealed record ScoreRequirement(int Least) : QualityRequirement
{
    public override string Words => string.Create(CultureInfo.InvariantCulture, $"an Instrumentation Score of {Least} or more");
}
