using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class ProcessColumns
{
    public const string Empty =
        "No processes yet. Gantry's agent lists them some seconds after its start; `gantry up` has one for this machine, `gantry-agent --once` shows what it sees.";

    /// <summary>What a person may call a process by.</summary>
    public static IReadOnlyList<string> Names { get; } = ["id", "name", "pid", "hostName", "state", "rule", "services"];

    public static IReadOnlyList<Column<ProcessRow>> All(DateTimeOffset now) =>
    [
        new("HOST", row => row.HostName),
        new("PID", row => $"{row.Pid}", Right: true),
        new("NAME", row => row.Name),
        new("LANGUAGE", row => row.Language.Length > 0 ? row.Language : "unknown"),
        new("STATE", row => row.State),
        new("METHOD", row => row.Method),
        new("RULE", row => row.Rule),
        new("SERVICE", row => string.Join(',', row.Services)),
        new("AGE", row => Words.Age(row.Started, now), Right: true),
        new("WHY", row => row.Message, Wide: true),
        new("EVIDENCE", row => row.Evidence, Wide: true),
        new("DROPPED", row => $"{row.Dropped}", Right: true, Wide: true),
        new("RUNTIME", row => row.RuntimeVersion, Wide: true),
        new("LIBC", row => row.Libc, Wide: true),
        new("LISTENING", row => string.Join(',', row.Listening), Wide: true),
        new("UNIT", row => row.Unit, Wide: true),
        new("CONTAINER", row => row.ContainerId, Wide: true),
        new("OTHER AGENTS", row => string.Join(',', row.OtherAgents.Select(other => other.Name)), Wide: true),
        new("UNREADABLE", row => row.Unreadable, Wide: true),
        new("RECOGNISED BY", row => row.LanguageRule, Wide: true),
        new("EXECUTABLE", row => row.Executable, Wide: true),
        new("ID", row => row.Id, Wide: true),
    ];
}
