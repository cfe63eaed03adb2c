using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Hub.Guardrails;
using Gantry.Hub.Instrument;

namespace Gantry.Hub.Ui.Pipelines;

/// <summary>Checks and saves what stands in the editor, by the same way as the API.</summary>
internal sealed class PipelineDesk(ResourceStore store, BuildCheck builds, PipelineRows rows, PlanPreviewer previewer)
{
    /// <param name="name">"" for a new one, which is called as its document says.</param>
    public PipelineDraft Check(ResourceKind kind, string name, PipelineDraft draft, bool takeOver) => Run(kind, name, draft, takeOver, dryRun: true).Draft;

    /// <returns>The name under which it was saved; "" where it was not, and why in the draft.</returns>
    public (string Saved, PipelineDraft Draft) Save(ResourceKind kind, string name, PipelineDraft draft, bool takeOver) => Run(kind, name, draft, takeOver, dryRun: false);

    private (string Saved, PipelineDraft Draft) Run(ResourceKind kind, string name, PipelineDraft draft, bool takeOver, bool dryRun)
    {
        var file = name.Length > 0 ? name : "new";
        var problems = new ResourceProblems(file);
        var documents = ResourceText.Read(draft.Text, problems);
        if (problems.All.Count == 0 && (documents is not [{ } only] || only.Kind != kind || (name.Length > 0 && only.Name != name)))
        {
            problems.Add(1, 1, "", "", name.Length > 0 ? $"this page takes one document, of {kind.Kind} {name}; another name is another {kind.Singular}" : $"this page takes one document, of kind {kind.Kind}");
        }

        if (problems.All.Count > 0)
        {
            return ("", draft with { Problems = [.. problems.All, .. problems.Warnings] });
        }

        var (pipeline, key) = ((Pipeline)documents[0].Model, $"{kind.Plural}/{documents[0].Name}");
        var request = new ApplyRequest([new DocumentFile(file, draft.Text)], new Dictionary<string, long> { [key] = draft.Version });
        var author = new ResourceRequest(kind, "", null) { Source = Owners.Ui, Owner = Owners.Ui, TakeOver = takeOver };
        var (answer, outcomes) = ApplyEndpoints.Run(store, builds, request, author, dryRun);
        draft = draft with { Problems = answer.Problems, Agents = rows.Matching(pipeline), Preview = pipeline.Type == PipelineType.Instrumentation ? previewer.Of([pipeline]) : null };
        return outcomes is [{ } outcome]
            ? outcome.Verdict switch
            {
                ApplyVerdict.Conflict => ("", Conflict(draft, outcome.Resource)),
                ApplyVerdict.Owned => ("", draft with { OwnedBy = outcome.Resource!.Owner }),
                _ => (answer.Applied ? pipeline.Name : "", draft),
            }
            : ("", draft);
    }

    /// <summary>The text stays, and from now on builds on what is there: who saves again has seen it.</summary>
    private PipelineDraft Conflict(PipelineDraft draft, StoredResource? present)
    {
        var basis = draft.Version > 0 ? rows.Revision(draft.Version)?.Document ?? "" : "";
        return draft with { Version = present?.Version ?? 0, Theirs = LineDiff.Of(basis, present?.Text ?? ""), Yours = LineDiff.Of(basis, draft.Text) };
    }
}
