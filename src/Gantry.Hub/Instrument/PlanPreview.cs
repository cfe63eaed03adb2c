using Gantry.Estate.Resources;

namespace Gantry.Hub.Instrument;

/// <summary>What <c>Instrumentation</c> documents would do, process by process, if they were applied now.</summary>
/// <param name="Agents">Of Gantry, whose plan would be another, or of which a document speaks.</param>
/// <param name="Silent">Of these, agents whose processes are not known now: they are not connected, or did not report yet.</param>
/// <param name="Changes">How many processes begin, change, stay, end or are left, by word of <see cref="PreviewRow.Change"/>.</param>
/// <param name="Processes">At most <see cref="MostRows"/> of each change; <paramref name="Changes"/> counts all. Those that a rule matches now or would match then; what begins, changes or ends comes first.</param>
/// <param name="Unmatched">Other processes on the same hosts: no rule matches them, before or after.</param>
/// <param name="Restarts">Processes that would be instrumented on their next start only.</param>
/// <param name="Problems">Of the documents; with errors nothing else is told.</param>
public sealed record PlanPreview(
    int Agents, int Silent, IReadOnlyDictionary<string, int> Changes, IReadOnlyList<PreviewRow> Processes, int Unmatched, int Restarts, IReadOnlyList<ResourceProblem> Problems)
{
    public const int MostRows = 2_000;

    public int Of(string change) => Changes.GetValueOrDefault(change);
}

/// <summary>One process in a preview.</summary>
/// <param name="Change">"begins" (to be instrumented), "changes" (rule, method or name), "stays", "ends", or "left" (a rule blocks it, before too).</param>
/// <param name="State">As it is now.</param>
/// <param name="RuleBefore">"" when no rule matched.</param>
/// <param name="Rule">"" when no rule will match.</param>
/// <param name="Action">"allow", "block" or "".</param>
/// <param name="Method">It would be instrumented by; "" when it would not be.</param>
/// <param name="Restart">It must start again before anything acts.</param>
/// <param name="Service">What its telemetry would call it; "" when it would not be instrumented.</param>
/// <param name="Message">Why not, with what would change it; "" when nothing is in the way.</param>
public sealed record PreviewRow(
    string Change,
    string HostId,
    string HostName,
    uint Pid,
    string Name,
    string Executable,
    string Language,
    string Unit,
    string State,
    string RuleBefore,
    string Rule,
    string Action,
    string Method,
    bool Restart,
    string Service,
    string Message);
