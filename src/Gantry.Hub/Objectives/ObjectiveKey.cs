using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Journeys;

namespace Gantry.Hub.Objectives;

/// <summary>What counts belong to. Counts of another definition (another entry, hop, indicator or threshold) are not about the same requests and begin anew; target and
/// window may change, for they only say how the counts are judged.</summary>
internal readonly record struct ObjectiveKey(string Journey, string Objective, string Definition)
{
    public static ObjectiveKey Of(Journey journey, Objective objective)
    {
        var (entry, text) = (journey.Entry, new StringBuilder());
        foreach (var part in (ReadOnlySpan<string>)[entry.Service, entry.Namespace, entry.Environment, objective.Service.Length > 0 ? "" : entry.Operation, objective.Service, $"{objective.Indicator}", $"{objective.Threshold.Ticks}"])
        {
            text.Append(part).Append('\0');
        }

        return new ObjectiveKey(journey.Name, objective.Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8)));
    }
}
