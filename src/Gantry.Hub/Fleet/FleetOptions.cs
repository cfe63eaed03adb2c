using Gantry.Hub.Fleet.Settings;

namespace Gantry.Hub.Fleet;

/// <summary>Settings of the OpAMP door. The defaults fit a hub of 15,000 agents on two cores.</summary>
public sealed record FleetOptions
{
    /// <summary>Bytes of one message, complete and after decompression, in either direction; 4096 to 1 GiB. The default is the specification's, 64 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Agents that share one connection; beyond it the message is refused.</summary>
    public int MaxAgentsPerConnection { get; init; } = 10_000;

    /// <summary>A WebSocket that said nothing for so long is pinged. Heartbeats come every 30 s, so an agent that sends them is never.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A pinged peer that stays silent for so long is gone.</summary>
    public TimeSpan PongWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A peer that takes no bytes for so long is cut off.</summary>
    public TimeSpan WriteWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A message that began must be complete after so long, and a new connection must have said something.</summary>
    public TimeSpan MessageWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An agent that was offered a configuration and has not said what became of it: "no answer".</summary>
    public TimeSpan ApplyWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Connections that are let in per second, by lane: of agents whose state is known and whole, of agents that are known, and of others.</summary>
    public AdmissionRates Admission { get; init; } = new();

    /// <summary>The parts of OpAMP that are in development, and those that only some fleets want. What is off is not advertised.</summary>
    public FleetFeatures Features { get; init; } = new();

    /// <summary>Signing requests of enrolled agents wait until an operator approves them; else they are signed at once.</summary>
    public bool ApprovesCertificates { get; init; }

    /// <summary>How long a client certificate counts, 1 hour to 10 years; agents ask for another before that.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Is told of each revocation of an agent's credential with a POST of <see cref="Credentials.RevocationNotice"/>; null: nobody is, and the audit log says so.</summary>
    public Uri? RevocationHook { get; init; }

    /// <summary>What agents are offered to connect with; null offers nothing but an agent's own credential.</summary>
    public ConnectionSettingsConfig? ConnectionSettings { get; init; }
}

/// <param name="Resume">Per second; twice as many at once.</param>
/// <param name="Reconnect">Per second; twice as many at once.</param>
/// <param name="Enrol">Per second; twice as many at once.</param>
public sealed record AdmissionRates(double Resume = 2_000, double Reconnect = 1_000, double Enrol = 1_000);

public sealed record FleetFeatures
{
    public bool RemoteConfig { get; init; } = true;

    public bool AvailableComponents { get; init; } = true;

    public bool CustomMessages { get; init; } = true;

    public bool Packages { get; init; } = true;

    public bool RestartCommand { get; init; } = true;

    /// <summary>Agents that came with an enrolment token are offered a credential of their own, where agents need one at all.</summary>
    public bool OwnCredentials { get; init; } = true;

    /// <summary>Signing requests (connection_settings_request) are answered with client certificates.</summary>
    public bool Certificates { get; init; } = true;
}
