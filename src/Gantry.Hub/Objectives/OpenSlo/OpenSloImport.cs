using Gantry.Estate.Journeys;
using Gantry.Estate.Resources;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>What OpenSLO files become.</summary>
/// <param name="Journeys">Each sound, and ready to be applied.</param>
/// <param name="Problems">Errors: text that cannot be read. Warnings: each thing that is not taken, or is taken for something near it, with why.</param>
public sealed record OpenSloImport(IReadOnlyList<ImportedJourney> Journeys, IReadOnlyList<ResourceProblem> Problems);

/// <param name="Document">The YAML that declares it.</param>
public sealed record ImportedJourney(string Name, string Document)
{
    internal Journey? Journey { get; init; }
}
