using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// One emitter of telemetry, which is one resource: a process of a service, or a host. Fields: service = 1, attributes = 2, signals = 3,
/// scopes = 4, sampled_unix_nano = 5.
/// </summary>
public sealed class TelemetrySource : IWireMessage
{
    /// <summary>Which <see cref="ServiceIdentity"/>; 0 for a resource that is a host and no service.</summary>
    public uint Service { get; set; }

    /// <summary>The resource attributes that identify a process, host, container, pod or SDK; no others travel.</summary>
    public List<StringPair> Attributes { get; } = [];

    public List<SignalSeen> Signals { get; } = [];

    public List<ScopeSeen> Scopes { get; } = [];

    /// <summary>When a span arrived that says it was sampled before it came here (tracestate ot=th above 0); 0 when none did.</summary>
    public ulong SampledUnixNano { get; set; }

    public string? Find(string key) => Attributes.Find(pair => pair.Key == key)?.Value;

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.Messages(2, Attributes);
        writer.Messages(3, Signals);
        writer.Messages(4, Scopes);
        writer.Fixed64(5, SampledUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Attributes.Add(reader.ReadInto(new StringPair()));
                return true;
            case (3, WireType.LengthDelimited):
                Signals.Add(reader.ReadInto(new SignalSeen()));
                return true;
            case (4, WireType.LengthDelimited):
                Scopes.Add(reader.ReadInto(new ScopeSeen()));
                return true;
            case (5, WireType.Fixed64):
                SampledUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>An attribute whose value is text: key = 1, value = 2.</summary>
public sealed class StringPair : IWireMessage
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Key);
        writer.String(2, Value);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Key = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Value = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}

public enum Signal
{
    Traces = 1,
    Metrics = 2,
    Logs = 3,
    Profiles = 4,
}

/// <summary>How much of a signal came: signal = 1, items = 2 (spans, metrics, log records; cumulative), last_unix_nano = 3.</summary>
public sealed class SignalSeen : IWireMessage
{
    public Signal Signal { get; set; }

    public ulong Items { get; set; }

    /// <summary>When the newest arrived, by the gateway's clock.</summary>
    public ulong LastUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Int(1, (int)Signal);
        writer.Varint(2, Items);
        writer.Fixed64(3, LastUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Signal = (Signal)reader.ReadInt32();
                return true;
            case (2, WireType.Varint):
                Items = reader.ReadVarint();
                return true;
            case (3, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>An instrumentation scope: name = 1, version = 2, signal = 3, last_unix_nano = 4.</summary>
public sealed class ScopeSeen : IWireMessage
{
    public string Name { get; set; } = "";

    public string Version { get; set; } = "";

    public Signal Signal { get; set; }

    public ulong LastUnixNano { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.String(2, Version);
        writer.Int(3, (int)Signal);
        writer.Fixed64(4, LastUnixNano);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Version = reader.ReadString();
                return true;
            case (3, WireType.Varint):
                Signal = (Signal)reader.ReadInt32();
                return true;
            case (4, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            default:
                return false;
        }
    }
}
