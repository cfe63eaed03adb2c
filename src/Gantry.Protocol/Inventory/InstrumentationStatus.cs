using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>How far the instrumentation of a process has come. Written is not loaded, loaded is not observed; numbers are the wire's.</summary>
public enum InstrumentationState
{
    /// <summary>Found, and nothing was decided: no plan, or the agent may not look into it.</summary>
    Detected = 0,

    /// <summary>It could be instrumented, and no rule asks for it.</summary>
    Eligible = 1,

    /// <summary>It will not be instrumented; the reason says why, and what would change that.</summary>
    Blocked = 2,

    /// <summary>What it needs is written, or asked for; it is not known yet whether that reached it.</summary>
    Configured = 3,

    /// <summary>What is written acts on its next start only: it began before.</summary>
    RestartPending = 4,

    /// <summary>The instrumentation is in the process: seen in its memory, or by a session with its runtime.</summary>
    Loaded = 5,

    /// <summary>Its telemetry passed through this agent, or was seen by the hub.</summary>
    Observed = 6,

    /// <summary>Its telemetry is fresh, and says all that its rule asks for.</summary>
    Healthy = 7,

    /// <summary>Two instrumentations are in it, or the same signal comes from two.</summary>
    Conflicting = 8,
}

/// <summary>
/// The state of one process's instrumentation, with its evidence. Fields: state = 1, reason = 2, message = 3, method = 4, rule = 5,
/// since_unix_nano = 6, evidence = 7, dropped = 8.
/// </summary>
public sealed class InstrumentationStatus : IWireMessage
{
    public InstrumentationState State { get; set; }

    /// <summary>One of <see cref="InstrumentationReasons"/>; "" where the state says it all.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The reason for a person, with what would change it.</summary>
    public string Message { get; set; } = "";

    /// <summary>Id of the method in force or chosen, as in the catalogue: "dotnet-attach"; "" when none is.</summary>
    public string Method { get; set; } = "";

    /// <summary>The rule that decided: "shop/payments", resource and rule; "" when none did.</summary>
    public string Rule { get; set; } = "";

    /// <summary>When it came into this state.</summary>
    public ulong SinceUnixNano { get; set; }

    /// <summary>What the state rests on: "libotelinject.so is mapped", "31 spans and 12 metrics forwarded".</summary>
    public string Evidence { get; set; } = "";

    /// <summary>Events that the process's runtime dropped, since the method took hold: spans may be missing, metrics never.</summary>
    public ulong Dropped { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, (ulong)State);
        writer.String(2, Reason);
        writer.String(3, Message);
        writer.String(4, Method);
        writer.String(5, Rule);
        writer.Fixed64(6, SinceUnixNano);
        writer.String(7, Evidence);
        writer.Varint(8, Dropped);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                var state = reader.ReadVarint();
                // A newer agent's word is none that this hub could show.
                State = state <= (ulong)InstrumentationState.Conflicting ? (InstrumentationState)state : InstrumentationState.Detected;
                return true;
            case (2, WireType.LengthDelimited):
                Reason = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                Message = reader.ReadString();
                return true;
            case (4, WireType.LengthDelimited):
                Method = reader.ReadString();
                return true;
            case (5, WireType.LengthDelimited):
                Rule = reader.ReadString();
                return true;
            case (6, WireType.Fixed64):
                SinceUnixNano = reader.ReadFixed64();
                return true;
            case (7, WireType.LengthDelimited):
                Evidence = reader.ReadString();
                return true;
            case (8, WireType.Varint):
                Dropped = reader.ReadVarint();
                return true;
            default:
                return false;
        }
    }
}
