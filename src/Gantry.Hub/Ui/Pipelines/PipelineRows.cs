using System.Runtime.CompilerServices;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Ui.Pipelines;

/// <summary>A pipeline, or an instrumentation, in a list.</summary>
/// <param name="Type">"otelcol", "alloy", "obi", "sdk" or "instrumentation"; "" where it cannot be read.</param>
/// <param name="Problem">Why this hub cannot read it; "" when it can.</param>
public sealed record PipelineRow(string Name, string Type, string Matchers, bool Enabled, string Owner, string Source, long Generation, DateTimeOffset Applied, string Problem)
{
    public ResourceKind Kind { get; init; } = PipelineReader.Kind;
}

/// <summary>Pipelines as pages see them, and how many agents each matches now.</summary>
internal sealed class PipelineRows(ResourceStore store, NewestRevision assignments, IAgentDirectory agents)
{
    private readonly ConditionalWeakTable<EstateContent, IReadOnlyList<PipelineRow>> _rows = [];

    /// <summary>The same list while nothing is declared anew, so that its orders are made once.</summary>
    public IReadOnlyList<PipelineRow> All => _rows.GetValue(store.Content, static content => [.. content.OfKind(PipelineReader.Kind).Concat(content.OfKind(InstrumentationReader.Kind)).Select(Row)]);

    public StoredResource? Find(ResourceKind kind, string name) => store.Find(kind, name);

    public IReadOnlyList<ResourceRevision> Revisions(ResourceKind kind, string name, int most) => store.Revisions(kind, name, most);

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
            resource.Owner, resource.Source, resource.Generation, resource.Applied, resource.Problem) { Kind = resource.Kind };
    }
}
