using System.Runtime.CompilerServices;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Ui.Pipelines;

/// <summary>A pipeline in a list.</summary>
/// <param name="Type">"otelcol", "alloy", "obi" or "sdk"; "" where it cannot be read.</param>
/// <param name="Problem">Why this hub cannot read it; "" when it can.</param>
public sealed record PipelineRow(string Name, string Type, string Matchers, bool Enabled, string Owner, string Source, long Generation, DateTimeOffset Applied, string Problem);

/// <summary>Pipelines as pages see them, and how many agents each matches now.</summary>
internal sealed class PipelineRows(ResourceStore store, NewestRevision assignments, IAgentDirectory agents)
{
    private readonly ConditionalWeakTable<EstateContent, IReadOnlyList<PipelineRow>> _rows = [];

    /// <summary>The same list while nothing is declared anew, so that its orders are made once.</summary>
    public IReadOnlyList<PipelineRow> All => _rows.GetValue(store.Content, static content => [.. content.OfKind(PipelineReader.Kind).Select(Row)]);

    public StoredResource? Find(string name) => store.Find(PipelineReader.Kind, name);

    public IReadOnlyList<ResourceRevision> Revisions(string name, int most) => store.Revisions(PipelineReader.Kind, name, most);

    public ResourceRevision? Revision(long version) => store.Revision(version);

    /// <summary>Agents of the pipeline's kind that its matchers hold for, whether it is enabled or not.</summary>
    public int Matching(Pipeline pipeline) => Matching([pipeline])[0];

    public IReadOnlyList<int> Matching(IReadOnlyList<Pipeline?> pipelines) =>
        [.. pipelines.Select(pipeline => pipeline is null ? 0 : Audience.Of(pipeline, assignments.Index, agents.Columns).Count)];

    private static PipelineRow Row(StoredResource resource)
    {
        var model = resource.Document?.Model as Pipeline;
        return new PipelineRow(
            resource.Name, model?.Type.ToString().ToLowerInvariant() ?? "", string.Join(", ", model?.Matchers ?? []), model?.Enabled ?? false,
            resource.Owner, resource.Source, resource.Generation, resource.Applied, resource.Problem);
    }
}
