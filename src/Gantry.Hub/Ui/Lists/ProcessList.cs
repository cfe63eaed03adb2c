using Gantry.Estate.Instrumentation;
using Gantry.Hub.Coverage;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Ui.Lists;

internal static class ProcessList
{
    public static ListShape<ProcessRow> Shape { get; } = new(
        [
            new("name", "Process", Text: row => row.Name),
            new("state", "State", Number: row => (int)(InstrumentationWords.Parse(row.State) ?? InstrumentationState.Detected)),
            new("method", "Method", Text: row => row.Method),
            new("service", "Service", Text: row => row.Services.Count > 0 ? row.Services[0] : ""),
            new("host", "Host", Text: row => row.HostName),
            new("language", "Runtime", Text: row => row.Language, Css: "wide"),
            new("rule", "Rule", Text: row => row.Rule, Css: "wider"),
            new("started", "Started", Number: row => row.Started.UtcTicks, DescendingFirst: true, Css: "num"),
        ],
        [
            .. InstrumentationWords.States.Select(state => new Chip<ProcessRow>(state.Word.Replace(' ', '-'), char.ToUpperInvariant(state.Word[0]) + state.Word[1..], row => row.State == state.Word) { Meaning = state.Meaning }),
            new("other-agents", "Other agents", row => row.OtherAgents.Count > 0) { Meaning = "Somebody else's instrumentation is in it." },
        ],
        Matches,
        row => row.Name);

    private static bool Matches(ProcessRow row, string word) =>
        row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.HostName.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Executable.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Unit.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Language.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Words.Language(row.Language).Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Rule.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Method.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.ContainerId.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        || row.Services.Any(service => service.Contains(word, StringComparison.OrdinalIgnoreCase))
        || row.OtherAgents.Any(other => other.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
        || (uint.TryParse(word, out var pid) && row.Pid == pid);
}
