using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>A pipeline of a request on its way into the estate, and the words for what hinders it.</summary>
internal sealed class PipelineDraft
{
    private const int LongestMetadata = 16 * 1024;

    private readonly Pipeline _pipeline;
    private readonly int _contentsLine;

    private PipelineDraft(Pipeline pipeline, ResourceRequest request, int contentsLine) => (_pipeline, Request, _contentsLine) = (pipeline, request, contentsLine);

    public ResourceRequest Request { get; }

    /// <param name="field">"pipeline", or "pipelines.3" of a sync.</param>
    /// <param name="before">What it replaces; null for a new one.</param>
    /// <param name="owner">Who writes it.</param>
    public static Outcome<PipelineDraft> Make(Pipeline pipeline, string field, StoredResource? before, string owner, Caller caller, bool takeOver)
    {
        if (pipeline.Name.Length == 0)
        {
            return Errors.Invalid($"{field}.name: is empty; a pipeline needs one");
        }

        if (pipeline.Contents.Length == 0)
        {
            return Errors.Invalid($"{field}.contents: are empty; a pipeline that is to do nothing has enabled: false");
        }

        var name = before?.Name ?? PipelineDocument.ResourceNameOf(pipeline.Name);
        var (text, line) = PipelineDocument.Write(name, pipeline, before);
        if (pipeline.Metadata is not null && text.IndexOf('\n', StringComparison.Ordinal) > LongestMetadata)
        {
            return Errors.Invalid($"{field}.metadata: expected at most {LongestMetadata} characters as JSON");
        }

        var problems = new ResourceProblems(pipeline.Name);
        if (ResourceText.Read(text, problems) is not [var document] || problems.All.Count > 0)
        {
            return Errors.Invalid(Words(problems.All, pipeline.Name, line));
        }

        return new PipelineDraft(pipeline, new ResourceRequest(PipelineMessages.Kind, name, document, before?.Version ?? 0) { Source = $"Fleet Management API, {caller.Name}", Owner = owner, TakeOver = takeOver }, line);
    }

    /// <summary>Null when it was done.</summary>
    public ConnectError? ErrorOf(ApplyOutcome outcome) => outcome.Verdict switch
    {
        ApplyVerdict.Refused when outcome.Problems.Count > 0 => Errors.Invalid(Words(outcome.Problems, _pipeline.Name, _contentsLine)),
        _ => ErrorOf(outcome, _pipeline.Name),
    };

    public static ConnectError? ErrorOf(ApplyOutcome outcome, string name) => outcome.Verdict switch
    {
        ApplyVerdict.NotFound => Errors.NotFound($"no pipeline \"{name}\""),
        ApplyVerdict.Conflict when outcome.Resource is { } there => new ConnectError(ConnectCode.Aborted, $"pipeline \"{name}\" was changed by {there.Source} in the meantime; read it again"),
        ApplyVerdict.Conflict => new ConnectError(ConnectCode.Aborted, $"pipeline \"{name}\" was deleted in the meantime"),
        ApplyVerdict.Owned => OwnedByAnother(outcome.Resource!, name),
        ApplyVerdict.Refused => new ConnectError(ConnectCode.FailedPrecondition, outcome.Reason),
        _ => null,
    };

    public static ConnectError OwnedByAnother(StoredResource resource, string name) => new(
        ConnectCode.FailedPrecondition,
        $"pipeline \"{name}\" belongs to {resource.Owner}, and another source does not overwrite it: change it there, or give yours another name (a hub that is to allow it is started with --sync-takes-over)");

    /// <summary>Problems of the contents with their own lines, others with their field.</summary>
    private static string Words(IReadOnlyList<ResourceProblem> problems, string name, int contentsLine) => string.Join('\n', problems.Select(problem =>
    {
        var field = problem.Field.StartsWith("spec.", StringComparison.Ordinal) ? problem.Field["spec.".Length..] : problem.Field;
        var isOfContents = contentsLine > 0 && problem.Line > contentsLine && (field.Length == 0 || field.StartsWith("contents", StringComparison.Ordinal));
        // Contents stand four blanks further to the right in the document.
        var shown = problem with { File = name, Field = field, Line = problem.Line - contentsLine, Column = Math.Max(1, problem.Column - 4) };
        return isOfContents ? shown.ToString() : $"{name}: {(field.Length > 0 ? $"{field}: " : "")}{problem.Message}";
    }));
}
