using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// What a gateway found when it looked at something that a rule of the Instrumentation Score asks for. Counts are cumulative since the gateway started; the
/// times say by themselves all that a verdict needs. Fields: service = 1, check = 2, seen = 3, bad = 4, last_unix_nano = 5, bad_unix_nano = 6, example = 7.
/// </summary>
public sealed class QualityFact : IWireMessage
{
    public uint Service { get; set; }

    /// <summary>One of <see cref="QualityChecks"/>.</summary>
    public string Check { get; set; } = "";

    /// <summary>What was looked at; 0 where only times are told.</summary>
    public ulong Seen { get; set; }

    /// <summary>Of those, what was not as it should be.</summary>
    public ulong Bad { get; set; }

    /// <summary>When something was last looked at.</summary>
    public ulong LastUnixNano { get; set; }

    /// <summary>When something was last not as it should be; 0 for never.</summary>
    public ulong BadUnixNano { get; set; }

    /// <summary>Of what was not: at most 256 characters; "" where there is none.</summary>
    public string Example { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Service);
        writer.String(2, Check);
        writer.Varint(3, Seen);
        writer.Varint(4, Bad);
        writer.Fixed64(5, LastUnixNano);
        writer.Fixed64(6, BadUnixNano);
        writer.String(7, Example);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Service = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.LengthDelimited):
                Check = reader.ReadString();
                return true;
            case (3, WireType.Varint):
                Seen = reader.ReadVarint();
                return true;
            case (4, WireType.Varint):
                Bad = reader.ReadVarint();
                return true;
            case (5, WireType.Fixed64):
                LastUnixNano = reader.ReadFixed64();
                return true;
            case (6, WireType.Fixed64):
                BadUnixNano = reader.ReadFixed64();
                return true;
            case (7, WireType.LengthDelimited):
                Example = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>Checks of <see cref="QualityFact"/>.</summary>
public static class QualityChecks
{
    /// <summary>Resources; bad: without service.instance.id.</summary>
    public const string InstanceId = "resource.instance_id";

    /// <summary>Resources that describe a pod; bad: without k8s.pod.uid.</summary>
    public const string PodUid = "resource.pod_uid";

    /// <summary>Resources; bad: without service.name.</summary>
    public const string ServiceName = "resource.service_name";

    /// <summary>Resources, and the attributes of some log records; bad: with an attribute that belongs elsewhere.</summary>
    public const string Level = "attribute.level";

    /// <summary>The attributes of some spans; bad: with one of a resource.</summary>
    public const string SpanLevel = "attribute.level.span";

    /// <summary>Log records; bad: without a severity number.</summary>
    public const string Severity = "log.severity";

    /// <summary>Log records; bad: of level DEBUG.</summary>
    public const string Debug = "log.debug";
}
