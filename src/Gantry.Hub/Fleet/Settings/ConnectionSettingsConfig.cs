namespace Gantry.Hub.Fleet.Settings;

/// <summary>What agents are offered to connect with, as an operator wrote it. Always the whole: a supervisor starts from an empty block, so a setting that
/// an offer leaves out is a setting that the agent loses.</summary>
public sealed record ConnectionSettingsConfig
{
    /// <summary>Where agents speak OpAMP: ws, wss, http or https. Null leaves their OpAMP connection alone.</summary>
    public Uri? OpAmp { get; init; }

    /// <summary>Headers that go with it; an authorization header among them must be valid for every agent, and gives way to an agent's own credential.</summary>
    public IReadOnlyDictionary<string, string> OpAmpHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>1 to 3,600. It is the poll interval of plain HTTP too; 0 would turn heartbeats off and is refused.</summary>
    public int HeartbeatSeconds { get; init; } = 30;

    /// <summary>PEM certificates that agents check the hub's certificate with, and nothing else then; null: those of their system.</summary>
    public string? OpAmpCa { get; init; }

    /// <summary>Proxy through which agents reach it: http, https or socks5; null: none.</summary>
    public Uri? OpAmpProxy { get; init; }

    /// <summary>OTLP/HTTP base to which agents send their own telemetry: /v1/metrics, /v1/traces and /v1/logs are added. Null offers none.</summary>
    public Uri? OwnTelemetry { get; init; }

    public IReadOnlyDictionary<string, string> OwnTelemetryHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Every problem, each naming the setting, the value and what is accepted.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (OpAmp is not null && OpAmp.Scheme is not ("ws" or "wss" or "http" or "https"))
        {
            problems.Add($"opamp endpoint {OpAmp}: expected a ws, wss, http or https URL");
        }

        if (OpAmpProxy is not null && OpAmpProxy.Scheme is not ("http" or "https" or "socks5"))
        {
            problems.Add($"opamp proxy {OpAmpProxy}: expected an http, https or socks5 URL");
        }

        if (OpAmpCa is not null && !OpAmpCa.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            problems.Add("opamp CA: expected certificates in PEM");
        }

        if (OwnTelemetry is not null && OwnTelemetry.Scheme is not ("http" or "https"))
        {
            problems.Add($"own telemetry {OwnTelemetry}: expected an http or https URL");
        }

        if (HeartbeatSeconds is < 1 or > 3_600)
        {
            problems.Add($"heartbeat {HeartbeatSeconds} s: expected 1 to 3600");
        }

        return problems;
    }
}
