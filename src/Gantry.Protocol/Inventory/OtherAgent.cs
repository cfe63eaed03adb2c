using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>Instrumentation found in a process that Gantry did not put there: name = 1, rule = 2, stops_injection = 3.</summary>
public sealed class OtherAgent : IWireMessage
{
    /// <summary>"Datadog", "OpenTelemetry Java agent", "OpenTelemetry SDK".</summary>
    public string Name { get; set; } = "";

    /// <summary>How it was recognised, for a person: "liboneagentproc.so is mapped". Never a value out of an environment.</summary>
    public string Rule { get; set; } = "";

    /// <summary>A second agent in the same process would fight with it.</summary>
    public bool StopsInjection { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.String(2, Rule);
        writer.Bool(3, StopsInjection);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                Rule = reader.ReadString();
                return true;
            case (3, WireType.Varint):
                StopsInjection = reader.ReadVarint() != 0;
                return true;
            default:
                return false;
        }
    }
}
