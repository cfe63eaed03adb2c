using Gantry.Hub.Estate;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>A source of the contract and an owner of the estate are the same thing: GIT with namespace "shop" is git/shop.</summary>
internal static class PipelineSources
{
    private static readonly (SourceType Type, string Word)[] Known = [(SourceType.Git, "git"), (SourceType.Terraform, "terraform"), (SourceType.Grafana, "grafana")];

    /// <summary>Null for owners that the contract has no word for.</summary>
    public static PipelineSource? OfOwner(string owner)
    {
        var slash = owner.IndexOf('/', StringComparison.Ordinal);
        var (word, place) = slash < 0 ? (owner, "") : (owner[..slash], owner[(slash + 1)..]);
        return Known.Where(known => known.Word == word).Select(known => new PipelineSource { Type = known.Type, Namespace = place }).FirstOrDefault();
    }

    /// <param name="field">"source", for the message.</param>
    /// <param name="problem">"" when it is one.</param>
    public static string OwnerOf(PipelineSource source, string field, out string problem)
    {
        problem = "";
        var word = Array.Find(Known, known => known.Type == source.Type).Word;
        if (word is null)
        {
            problem = $"{field}.type: expected SOURCE_TYPE_GIT, SOURCE_TYPE_TERRAFORM or SOURCE_TYPE_GRAFANA";
            return "";
        }

        var owner = $"{word}/{source.Namespace}";
        if (source.Namespace.Length == 0 || !Owners.IsValid(owner))
        {
            problem = $"{field}.namespace: \"{(source.Namespace.Length > 100 ? source.Namespace[..100] : source.Namespace)}\": expected 1 to 100 letters, digits, '.', '_', ':', '/' and '-', beginning with a letter or digit";
        }

        return owner;
    }
}
