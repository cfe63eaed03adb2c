using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// Something wrong with what a service sends; counts are cumulative since the gateway started. Fields: service = 1, code = 2, count = 3,
/// last_unix_nano = 4, example = 5.
/// </summary>
public sealed class ServiceFinding : IWireMessage
{
    public uint Service { get; set; }

    /// <summary>One of <see cref="FindingCodes"/>; a hub shows what it does not know as it is.</summary>
    public string Code { get; set; } = "";

    /// <summary>Spans, or resources for what is missing in a resource.</summary>
    public ulong Count { get; set; }

    public ulong LastUnixNano { get; set; }

    /// <summary>What to look for: an attribute's name, "GET /users/{id} from GET /users/123", a difference of clocks in words. At most 512 characters.</summary>
    public string Example { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.String(2, Code);
        writer.Varint(3, Count);
        writer.Fixed64(4, LastUnixNano);
        writer.String(5, Example);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Code = reader.ReadString();
                return true;
            case (3, WireType.Varint):
                Count = reader.ReadVarint();
                return true;
            case (4, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            case (5, WireType.LengthDelimited):
                Example = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>Codes of <see cref="ServiceFinding"/>.</summary>
public static class FindingCodes
{
    /// <summary>A resource attribute that OpenTelemetry requires or that joins need is not there; the example is its name.</summary>
    public const string MissingResourceAttribute = "missing_resource_attribute";

    /// <summary>Spans refused because trace_id or span_id is no id.</summary>
    public const string InvalidIds = "invalid_ids";

    /// <summary>Spans that end before they start; their duration counts as 0.</summary>
    public const string EndsBeforeStart = "ends_before_start";

    /// <summary>Spans that end in the gateway's future: the sender's clock is ahead.</summary>
    public const string ClockAhead = "clock_ahead";

    /// <summary>Spans that came long after they ended: a clock that is behind, or a sender that held them back.</summary>
    public const string ClockBehind = "clock_behind";

    /// <summary>Operation names with ids in them, folded into one; the example shows the rule at work.</summary>
    public const string FoldedOperations = "folded_operations";

    /// <summary>More series than a service may have: the rest is counted in the overflow series.</summary>
    public const string TooManySeries = "too_many_series";

    /// <summary>Spans that were sampled before they came here: counts are estimates by their adjusted count.</summary>
    public const string SampledAtSource = "sampled_at_source";
}
