using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Pipelines;

namespace Gantry.Hub.Compile;

/// <summary>Agents that get one configuration: the same pipelines match, and the attributes that these inject are the same.</summary>
/// <param name="Recipe">Name of the agents that the same pipelines match, whatever their attributes: what has a history.</param>
/// <param name="Name">With what stands for the injected attributes.</param>
/// <param name="Pipelines">Enabled ones, higher priority first, then by name.</param>
/// <param name="Attributes">That are injected, with "" for those that the agent does not have.</param>
internal sealed record Cohort(
    string Recipe, string Name, AgentKind Kind, IReadOnlyList<Pipeline> Pipelines, IReadOnlyDictionary<string, string> Attributes, bool NewNames)
{
    /// <param name="matching">In any order.</param>
    public static Cohort Of(AgentKind kind, IEnumerable<Pipeline> matching, IReadOnlyDictionary<string, string> attributes, bool newNames)
    {
        var pipelines = Pipeline.InOrder(matching).ToList();
        var recipe = $"{Words(kind)}-{Hash(string.Join('\n', pipelines.Select(NameOf).Order(StringComparer.Ordinal)) + (newNames ? "\n+" : ""))}";
        var name = attributes.Count == 0 ? recipe
            : $"{recipe}-{Hash(string.Join('\n', attributes.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key.Length}:{item.Key}={item.Value}")))}";
        return new Cohort(recipe, name, kind, pipelines, attributes, newNames);
    }

    /// <summary>A pipeline and an instrumentation may share a name. Pipelines keep the name alone: their cohorts have histories by it.</summary>
    private static string NameOf(Pipeline pipeline) => pipeline.Type == PipelineType.Instrumentation ? pipeline.Resource : pipeline.Name;

    private static string Words(AgentKind kind) => kind == AgentKind.Collector ? "otelcol" : kind.ToString().ToLowerInvariant();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
