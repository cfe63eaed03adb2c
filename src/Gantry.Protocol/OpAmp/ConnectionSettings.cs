using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// ConnectionSettingsOffers: hash = 1 (of all settings, also of those left out), opamp = 2, own_metrics = 3, own_traces = 4, own_logs = 5,
/// other_connections = 6 (name → OtherConnectionSettings).
/// </summary>
public sealed class ConnectionSettingsOffers : IWireMessage
{
    public byte[] Hash { get; set; } = [];

    public OpAmpConnectionSettings? OpAmp { get; set; }

    public TelemetryConnectionSettings? OwnMetrics { get; set; }

    public TelemetryConnectionSettings? OwnTraces { get; set; }

    public TelemetryConnectionSettings? OwnLogs { get; set; }

    public List<MapEntry<OtherConnectionSettings>> Others { get; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, Hash);
        writer.Message(2, OpAmp);
        writer.Message(3, OwnMetrics);
        writer.Message(4, OwnTraces);
        writer.Message(5, OwnLogs);
        writer.Messages(6, Others);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Hash = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.LengthDelimited):
                OpAmp = reader.ReadInto(OpAmp ?? new());
                return true;
            case (3, WireType.LengthDelimited):
                OwnMetrics = reader.ReadInto(OwnMetrics ?? new());
                return true;
            case (4, WireType.LengthDelimited):
                OwnTraces = reader.ReadInto(OwnTraces ?? new());
                return true;
            case (5, WireType.LengthDelimited):
                OwnLogs = reader.ReadInto(OwnLogs ?? new());
                return true;
            case (6, WireType.LengthDelimited):
                Others.Add(reader.ReadInto(new MapEntry<OtherConnectionSettings>()));
                return true;
            default:
                return false;
        }
    }
}

/// <summary>OpAMPConnectionSettings: destination_endpoint = 1, headers = 2, certificate = 3, heartbeat_interval_seconds = 4, tls = 5, proxy = 6.</summary>
public sealed class OpAmpConnectionSettings : IWireMessage
{
    /// <summary>A WebSocket or HTTP URL; never empty in an offer.</summary>
    public string Endpoint { get; set; } = "";

    public Headers? Headers { get; set; }

    public TlsCertificate? Certificate { get; set; }

    /// <summary>0 turns heartbeats off.</summary>
    public ulong HeartbeatSeconds { get; set; }

    public TlsConnectionSettings? Tls { get; set; }

    public ProxyConnectionSettings? Proxy { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Endpoint);
        writer.Message(2, Headers);
        writer.Message(3, Certificate);
        writer.Varint(4, HeartbeatSeconds);
        writer.Message(5, Tls);
        writer.Message(6, Proxy);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Endpoint = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Headers = reader.ReadInto(Headers ?? new());
                return true;
            case (3, WireType.LengthDelimited):
                Certificate = reader.ReadInto(Certificate ?? new());
                return true;
            case (4, WireType.Varint):
                HeartbeatSeconds = reader.ReadVarint();
                return true;
            case (5, WireType.LengthDelimited):
                Tls = reader.ReadInto(Tls ?? new());
                return true;
            case (6, WireType.LengthDelimited):
                Proxy = reader.ReadInto(Proxy ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>TelemetryConnectionSettings: destination_endpoint = 1, headers = 2, certificate = 3, tls = 4, proxy = 5.</summary>
public sealed class TelemetryConnectionSettings : IWireMessage
{
    /// <summary>A full URL of an OTLP/HTTP receiver with its path.</summary>
    public string Endpoint { get; set; } = "";

    public Headers? Headers { get; set; }

    public TlsCertificate? Certificate { get; set; }

    public TlsConnectionSettings? Tls { get; set; }

    public ProxyConnectionSettings? Proxy { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Endpoint);
        writer.Message(2, Headers);
        writer.Message(3, Certificate);
        writer.Message(4, Tls);
        writer.Message(5, Proxy);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Endpoint = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Headers = reader.ReadInto(Headers ?? new());
                return true;
            case (3, WireType.LengthDelimited):
                Certificate = reader.ReadInto(Certificate ?? new());
                return true;
            case (4, WireType.LengthDelimited):
                Tls = reader.ReadInto(Tls ?? new());
                return true;
            case (5, WireType.LengthDelimited):
                Proxy = reader.ReadInto(Proxy ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>OtherConnectionSettings: destination_endpoint = 1, headers = 2, certificate = 3, other_settings = 4, tls = 5, proxy = 6.</summary>
public sealed class OtherConnectionSettings : IWireMessage
{
    public string Endpoint { get; set; } = "";

    public Headers? Headers { get; set; }

    public TlsCertificate? Certificate { get; set; }

    public List<TextEntry> Settings { get; } = [];

    public TlsConnectionSettings? Tls { get; set; }

    public ProxyConnectionSettings? Proxy { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Endpoint);
        writer.Message(2, Headers);
        writer.Message(3, Certificate);
        writer.Messages(4, Settings);
        writer.Message(5, Tls);
        writer.Message(6, Proxy);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Endpoint = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Headers = reader.ReadInto(Headers ?? new());
                return true;
            case (3, WireType.LengthDelimited):
                Certificate = reader.ReadInto(Certificate ?? new());
                return true;
            case (4, WireType.LengthDelimited):
                Settings.Add(reader.ReadInto(new TextEntry()));
                return true;
            case (5, WireType.LengthDelimited):
                Tls = reader.ReadInto(Tls ?? new());
                return true;
            case (6, WireType.LengthDelimited):
                Proxy = reader.ReadInto(Proxy ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>ConnectionSettingsStatus: last_connection_settings_hash = 1, status = 2, error_message = 3.</summary>
public sealed class ConnectionSettingsStatus : IWireMessage
{
    public byte[] LastHash { get; set; } = [];

    public ConnectionSettingsState State { get; set; }

    public string ErrorMessage { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, LastHash);
        writer.Int(2, (int)State);
        writer.String(3, ErrorMessage);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                LastHash = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.Varint):
                State = (ConnectionSettingsState)reader.ReadInt32();
                return true;
            case (3, WireType.LengthDelimited):
                ErrorMessage = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
