using Gantry.Cli.Terminals;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class AgentColumns
{
    public const string Empty =
        "No agents yet. Any OpAMP agent that is pointed at the hub's /v1/opamp appears here, and any Alloy whose remotecfg is; `gantry up` has one for this machine.";

    public static IReadOnlyList<Column<AgentRow>> All(DateTimeOffset now) =>
    [
        new("HOST", row => row.HostName),
        new("KIND", row => row.Kind),
        new("VERSION", row => row.Version),
        new("STATE", row => row.Connected ? "connected" : "gone"),
        new("HEALTH", row => row.Health),
        new("TRANSPORT", row => row.Transport),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true),
        new("ID", row => row.Id),
        new("CONFIG", row => row.Fallback.Length > 0 ? $"{row.State}, on fallback" : row.State, Wide: true),
        new("ERROR", row => row.LastError, Wide: true),
        new("CAPABILITIES", row => string.Join(',', row.Capabilities), Wide: true),
    ];
}
