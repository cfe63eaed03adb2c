using Gantry.Estate.Instrumentation;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Hub.Instrument;
using Gantry.Hub.Ui.Pipelines;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What does this pipeline say, whom does it match, and how did it come to be so? With its editor.</summary>
public sealed partial class PipelinePage
{
    private const int MostRevisions = 20;

    private const string Example = """
        apiVersion: gantry/v1
        kind: Pipeline
        metadata: {name: edge}
        spec:
          type: otelcol
          matchers: ['collector.os=linux']
          contents: |
            receivers:
              otlp:
                protocols: {http: {endpoint: "localhost:4318"}}
            processors:
              batch:
            exporters:
              debug:
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [batch], exporters: [debug]}

        """;

    private const string InstrumentationExample = """
        apiVersion: gantry/v1
        kind: Instrumentation
        metadata: {name: shop}
        spec:
          matchers: [collector.type=gantry]
          rules:
          - name: payments
            action: allow
            match: {language: dotnet, script: payments.dll}
            service: payments
            namespace: shop

        """;

    private int _agents;

    private IReadOnlyList<ResourceRevision> _revisions = [];

    [Parameter, EditorRequired]
    public ResourceKind Kind { get; set; } = PipelineReader.Kind;

    /// <summary>"" for a new one.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>A <see cref="PipelineDraft"/>: what somebody typed and did not save yet.</summary>
    [Parameter]
    public object? Typed { get; set; }

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    private PipelineDraft? Draft => Typed as PipelineDraft;

    private StoredResource? Stored { get; set; }

    private Pipeline? Model => Stored?.Document?.Model as Pipeline;

    private string Title => Name.Length > 0 ? Name : $"New {Kind.Singular}";

    private string Text => Draft?.Text ?? Stored?.Text ?? (Kind == InstrumentationReader.Kind ? InstrumentationExample : Example);

    /// <summary>Of what was typed; else of what is stored: which processes it reaches now.</summary>
    private PlanPreview? Preview { get; set; }

    private long Version => Draft?.Version ?? Stored?.Version ?? 0;

    private int Rows => Math.Clamp(Text.Count(c => c == '\n') + 2, 14, 40);

    protected override void OnParametersSet()
    {
        Preview = Draft?.Preview;
        if (Name.Length == 0)
        {
            return;
        }

        var pipelines = Services.GetRequiredService<PipelineRows>();
        Stored = pipelines.Find(Kind, Name);
        _agents = Model is { } model ? pipelines.Matching(model) : 0;
        _revisions = pipelines.Revisions(Kind, Name, MostRevisions);
        Preview ??= Model is { Type: PipelineType.Instrumentation } stored ? Services.GetRequiredService<PlanPreviewer>().Of([stored]) : null;
    }

    private static IReadOnlyList<string> ChangeOf(string before, ResourceRevision revision) => LineDiff.Of(before, revision.Operation == "delete" ? "" : revision.Document);

    private IEnumerable<(string Name, string Value)> Facts(StoredResource stored) =>
    [
        ("Type", Model?.Type.ToString().ToLowerInvariant() ?? ""),
        ("Matchers", string.Join(", ", Model?.Matchers ?? [])),
        ("Owner", stored.Owner),
        ("Generation", Figures.Count(stored.Generation)),
        ("Version", Figures.Count(stored.Version)),
    ];
}
