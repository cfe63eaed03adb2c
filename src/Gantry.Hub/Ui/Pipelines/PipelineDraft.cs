using Gantry.Estate.Resources;
using Gantry.Hub.Instrument;

namespace Gantry.Hub.Ui.Pipelines;

/// <summary>A pipeline's document as somebody has it in the editor, and what the hub says of it.</summary>
/// <param name="Version">That the text builds on; 0: it is to be new.</param>
internal sealed record PipelineDraft(string Text, long Version)
{
    /// <summary>Null: not checked.</summary>
    public IReadOnlyList<ResourceProblem>? Problems { get; init; }

    /// <summary>Agents that the text's matchers hold for now; null where it cannot be read.</summary>
    public int? Agents { get; init; }

    /// <summary>Of an instrumentation: which processes it would reach; null for another kind, or where it cannot be told.</summary>
    public PlanPreview? Preview { get; init; }

    /// <summary>Somebody else's; only taken over.</summary>
    public string OwnedBy { get; init; } = "";

    /// <summary>What was changed since, from the version built on to the present one; null: nothing was.</summary>
    public IReadOnlyList<string>? Theirs { get; init; }

    /// <summary>From the version built on to the text.</summary>
    public IReadOnlyList<string> Yours { get; init; } = [];

    public bool IsSound => Problems is { } problems && problems.All(problem => problem.Severity != ResourceProblem.Error);

    /// <summary>The verdict in words, as a script shows it too.</summary>
    public string Verdict => Problems is null ? "" : string.Join('\n', new[]
    {
        IsSound ? "It is sound." : $"{Words.Plural(Problems.Count(problem => problem.Severity == ResourceProblem.Error), "problem")}; nothing is stored until that is mended.",
        Agents is { } agents ? $"It matches {Words.Plural(agents, "agent")} now." : "",
        Preview is { } preview
            ? $"Of their processes {preview.Of("begins")} would begin to be instrumented, {preview.Of("changes")} change, "
                + $"{preview.Of("ends")} end; {preview.Restarts} must restart. Check shows them."
            : "",
    }.Where(line => line.Length > 0).Concat(Problems.Select(problem => problem.ToString())));
}
