using System.Security.Cryptography;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Settings;

/// <summary>The offers of connection settings there are: one for each set of things that an agent accepts, made when first needed.</summary>
internal sealed class ConnectionOffers
{
    private const AgentCapabilities Telling =
        AgentCapabilities.AcceptsOpAmpConnectionSettings | AgentCapabilities.ReportsOwnMetrics | AgentCapabilities.ReportsOwnTraces | AgentCapabilities.ReportsOwnLogs;

    private volatile Table _table;

    /// <exception cref="ArgumentException">The settings are wrong; the message names each problem.</exception>
    public ConnectionOffers(ConnectionSettingsConfig? config) => _table = new Table(Checked(config));

    /// <summary>False: the hub offers none, and does not say that it could.</summary>
    public bool Any => _table.Config is not null;

    /// <summary>Where agents are offered to send telemetry of their own.</summary>
    public IReadOnlyList<string> Destinations => _table.Config?.OwnTelemetry is { } own ? [own.AbsoluteUri] : [];

    /// <exception cref="ArgumentException">As above; what was offered before stays.</exception>
    public void Replace(ConnectionSettingsConfig? config) => _table = new Table(Checked(config));

    /// <returns>Null when the agent accepts nothing of what there is.</returns>
    public SettingsOffer? For(AgentCapabilities capabilities)
    {
        var table = _table;
        if (table.Config is null || (capabilities & Telling) == AgentCapabilities.None)
        {
            return null;
        }

        lock (table.Made)
        {
            if (!table.Made.TryGetValue(capabilities & Telling, out var offer))
            {
                table.Made.Add(capabilities & Telling, offer = Make(table.Config, capabilities));
            }

            return offer;
        }
    }

    /// <summary>What an offer to one agent alone is made of; made as if nothing were configured when nothing is.</summary>
    public SettingsBasis BasisOf(AgentCapabilities capabilities)
    {
        var table = _table;
        lock (table.Made)
        {
            if (!table.Bases.TryGetValue(capabilities & Telling, out var basis))
            {
                var config = table.Config ?? new ConnectionSettingsConfig();
                table.Bases.Add(capabilities & Telling, basis = new SettingsBasis(config, capabilities & Telling, SHA256.HashData(Parts(config, capabilities, config.OpAmp?.AbsoluteUri ?? "").ToArray())));
            }

            return basis;
        }
    }

    /// <summary>The whole tuple for one agent, with what is its own.</summary>
    /// <param name="endpoint">Where it goes when none is configured: the address that the agent came by.</param>
    /// <param name="token">Null: the configured headers alone.</param>
    /// <param name="id">Of the credential; <see cref="SettingsBasis.HashOf"/> makes the hash of it, so that the hash can be made again when nobody has the secret any more.</param>
    public static SettingsOffer Own(SettingsBasis basis, string endpoint, string? token, TlsCertificate? certificate, string id)
    {
        var offers = Parts(basis.Config, basis.Accepts | AgentCapabilities.AcceptsOpAmpConnectionSettings, basis.Config.OpAmp?.AbsoluteUri ?? endpoint);
        if (token is not null)
        {
            var headers = basis.Config.OpAmpHeaders.Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Append(new("Authorization", $"Bearer {token}"));
            offers.OpAmp!.Headers = HeadersOf(headers.ToDictionary());
        }

        offers.OpAmp!.Certificate = certificate;
        offers.Hash = basis.HashOf(id);
        return new SettingsOffer(offers.Hash, offers.ToArray());
    }

    private static ConnectionSettingsConfig? Checked(ConnectionSettingsConfig? config) =>
        config?.Validate() is { Count: > 0 } problems ? throw new ArgumentException(string.Join("; ", problems)) : config;

    private static SettingsOffer? Make(ConnectionSettingsConfig config, AgentCapabilities accepts)
    {
        var offers = Parts(config, accepts, config.OpAmp?.AbsoluteUri);
        if (offers is { OpAmp: null, OwnMetrics: null, OwnTraces: null, OwnLogs: null })
        {
            return null;
        }

        offers.Hash = SHA256.HashData(offers.ToArray());
        return new SettingsOffer(offers.Hash, offers.ToArray());
    }

    /// <param name="endpoint">Null leaves the agent's OpAMP connection alone.</param>
    private static ConnectionSettingsOffers Parts(ConnectionSettingsConfig config, AgentCapabilities accepts, string? endpoint)
    {
        return new ConnectionSettingsOffers
        {
            OpAmp = endpoint is null || !accepts.HasFlag(AgentCapabilities.AcceptsOpAmpConnectionSettings) ? null : new OpAmpConnectionSettings
            {
                Endpoint = endpoint,
                Headers = HeadersOf(config.OpAmpHeaders),
                HeartbeatSeconds = (ulong)config.HeartbeatSeconds,
                Tls = config.OpAmpCa is { } ca ? new TlsConnectionSettings { CaPem = ca } : null,
                Proxy = config.OpAmpProxy is { } proxy ? new ProxyConnectionSettings { Url = proxy.AbsoluteUri } : null,
            },
            OwnMetrics = Own(AgentCapabilities.ReportsOwnMetrics, "v1/metrics"),
            OwnTraces = Own(AgentCapabilities.ReportsOwnTraces, "v1/traces"),
            OwnLogs = Own(AgentCapabilities.ReportsOwnLogs, "v1/logs"),
        };

        TelemetryConnectionSettings? Own(AgentCapabilities bit, string path) => config.OwnTelemetry is null || !accepts.HasFlag(bit)
            ? null
            : new TelemetryConnectionSettings { Endpoint = $"{config.OwnTelemetry.AbsoluteUri.TrimEnd('/')}/{path}", Headers = HeadersOf(config.OwnTelemetryHeaders) };
    }

    private static Headers? HeadersOf(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count == 0)
        {
            return null;
        }

        var made = new Headers();
        made.Items.AddRange(headers.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => new TextEntry { Name = header.Key, Value = header.Value }));
        return made;
    }

    private sealed record Table(ConnectionSettingsConfig? Config)
    {
        public Dictionary<AgentCapabilities, SettingsOffer?> Made { get; } = [];

        public Dictionary<AgentCapabilities, SettingsBasis> Bases { get; } = [];
    }
}

/// <param name="Wire">ConnectionSettingsOffers, with its hash.</param>
internal sealed record SettingsOffer(byte[] Hash, byte[] Wire);
