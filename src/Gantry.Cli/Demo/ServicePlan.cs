namespace Gantry.Cli.Demo;

/// <summary>How a service of the shop is started.</summary>
/// <param name="Name">As in its access log, and its service.name.</param>
/// <param name="IsNode">Telemetry is switched on for it.</param>
internal sealed record ServicePlan(
    string Name, bool IsNode, string Program, string Script, int Port, IReadOnlyList<KeyValuePair<string, string>> Environment);
