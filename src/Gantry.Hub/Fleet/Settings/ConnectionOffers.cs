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

    private static ConnectionSettingsConfig? Checked(ConnectionSettingsConfig? config) =>
        config?.Validate() is { Count: > 0 } problems ? throw new ArgumentException(string.Join("; ", problems)) : config;

    private static SettingsOffer? Make(ConnectionSettingsConfig config, AgentCapabilities accepts)
    {
        var offers = new ConnectionSettingsOffers();
        if (config.OpAmp is not null && accepts.HasFlag(AgentCapabilities.AcceptsOpAmpConnectionSettings))
        {
            offers.OpAmp = new OpAmpConnectionSettings
            {
                Endpoint = config.OpAmp.AbsoluteUri,
                Headers = HeadersOf(config.OpAmpHeaders),
                HeartbeatSeconds = (ulong)config.HeartbeatSeconds,
            };
        }

        offers.OwnMetrics = Own(AgentCapabilities.ReportsOwnMetrics, "v1/metrics");
        offers.OwnTraces = Own(AgentCapabilities.ReportsOwnTraces, "v1/traces");
        offers.OwnLogs = Own(AgentCapabilities.ReportsOwnLogs, "v1/logs");
        if (offers is { OpAmp: null, OwnMetrics: null, OwnTraces: null, OwnLogs: null })
        {
            return null;
        }

        offers.Hash = SHA256.HashData(offers.ToArray());
        return new SettingsOffer(offers.Hash, offers.ToArray());

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
    }
}

/// <param name="Wire">ConnectionSettingsOffers, with its hash.</param>
internal sealed record SettingsOffer(byte[] Hash, byte[] Wire);
