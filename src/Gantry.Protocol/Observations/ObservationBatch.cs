using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Observations;

/// <summary>
/// What a gateway saw, for the hub; POSTed to <c>/api/v1/observations</c>. Counts are cumulative since the gateway started, so that a batch which
/// is lost or sent twice changes nothing; only series that moved since the last acknowledged batch are in it.
/// Fields: gateway_id = 1, gateway_start_unix_nano = 2, sequence = 3, full = 4, sent_unix_nano = 5, services = 6, sources = 7, red = 8,
/// host_points = 9, spans = 10, otlp_http = 11, forward_problem = 12, forward_problem_unix_nano = 13,
/// edges = 14, findings = 15, sampling_revision = 20, sampling_since_unix_nano = 21, spans_seen = 22, spans_kept = 23, groups = 24,
/// chosen_threshold = 25, chosen_since_unix_nano = 26, is_last = 27, replaces = 28, quality_facts = 30, metric_facts = 31, attribute_sketches = 32.
/// </summary>
public sealed class ObservationBatch : IWireMessage
{
    public const string ContentType = "application/x-protobuf";

    /// <summary>A fresh UUID for each start of a gateway: its counters begin at 0.</summary>
    public string GatewayId { get; set; } = "";

    public ulong GatewayStartUnixNano { get; set; }

    /// <summary>1, 2, 3, … A number that does not follow the last one makes the hub ask for a full batch.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Every series is in it, not only those that moved.</summary>
    public bool Full { get; set; }

    public ulong SentUnixNano { get; set; }

    /// <summary>Where this gateway takes OTLP over HTTP, for the hub to tell people: "http://127.0.0.1:4318".</summary>
    public string OtlpHttp { get; set; } = "";

    /// <summary>Why the destination does not accept, in words; "" while it does, or when there is none.</summary>
    public string ForwardProblem { get; set; } = "";

    /// <summary>Since when.</summary>
    public ulong ForwardProblemUnixNano { get; set; }

    public List<ServiceIdentity> Services { get; } = [];

    public List<TelemetrySource> Sources { get; } = [];

    public List<RedSeries> Red { get; } = [];

    public List<HostPoint> HostPoints { get; } = [];

    /// <summary>Skeletons of all spans of a few traces, chosen by trace id alike on every gateway.</summary>
    public List<SpanSkeleton> Spans { get; } = [];

    public List<SpanGroup> Groups { get; } = [];

    /// <summary>Traces whose 56 random bits are below it were not chosen, or not all the time: the highest that was in force for what this report tells.</summary>
    public ulong ChosenThreshold { get; set; }

    /// <summary>From then until <see cref="SentUnixNano"/> no chosen span is missing in <see cref="Spans"/>; 0 where this report tells none.</summary>
    public ulong ChosenSinceUnixNano { get; set; }

    /// <summary>The gateway stops, and nothing of what it took is left untold.</summary>
    public bool IsLast { get; set; }

    /// <summary>Id of the gateway whose place this one took, with full reports: it was killed, or it has said goodbye; "" where none is known.</summary>
    public string Replaces { get; set; } = "";

    /// <summary>Who calls whom, from the callers' spans.</summary>
    public List<EdgeSeries> Edges { get; } = [];

    /// <summary>What is wrong with what came.</summary>
    public List<ServiceFinding> Findings { get; } = [];

    /// <summary>The sampling policy in force; "" where none was ever declared.</summary>
    public string SamplingRevision { get; set; } = "";

    /// <summary>Since when it is in force at this gateway.</summary>
    public ulong SamplingSinceUnixNano { get; set; }

    /// <summary>Spans of accepted requests since then.</summary>
    public ulong SpansSeen { get; set; }

    /// <summary>Of those, what the policy kept.</summary>
    public ulong SpansKept { get; set; }

    /// <summary>What rules of the Instrumentation Score ask for.</summary>
    public List<QualityFact> QualityFacts { get; } = [];

    public List<MetricFact> MetricFacts { get; } = [];

    public List<AttributeSketch> AttributeSketches { get; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, GatewayId);
        writer.Fixed64(2, GatewayStartUnixNano);
        writer.Varint(3, Sequence);
        writer.Bool(4, Full);
        writer.Fixed64(5, SentUnixNano);
        writer.Messages(6, Services);
        writer.Messages(7, Sources);
        writer.Messages(8, Red);
        writer.Messages(9, HostPoints);
        writer.Messages(10, Spans);
        writer.String(11, OtlpHttp);
        writer.String(12, ForwardProblem);
        writer.Fixed64(13, ForwardProblemUnixNano);
        writer.Messages(14, Edges);
        writer.Messages(15, Findings);
        writer.String(20, SamplingRevision);
        writer.Fixed64(21, SamplingSinceUnixNano);
        writer.Varint(22, SpansSeen);
        writer.Varint(23, SpansKept);
        writer.Messages(24, Groups);
        writer.Fixed64(25, ChosenThreshold);
        writer.Fixed64(26, ChosenSinceUnixNano);
        writer.Bool(27, IsLast);
        writer.String(28, Replaces);
        writer.Messages(30, QualityFacts);
        writer.Messages(31, MetricFacts);
        writer.Messages(32, AttributeSketches);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                GatewayId = reader.ReadString();
                return true;
            case (2, WireType.Fixed64):
                GatewayStartUnixNano = reader.ReadFixed64();
                return true;
            case (3, WireType.Varint):
                Sequence = reader.ReadVarint();
                return true;
            case (4, WireType.Varint):
                Full = reader.ReadBool();
                return true;
            case (5, WireType.Fixed64):
                SentUnixNano = reader.ReadFixed64();
                return true;
            case (6, WireType.LengthDelimited):
                Services.Add(reader.ReadInto(new ServiceIdentity()));
                return true;
            case (7, WireType.LengthDelimited):
                Sources.Add(reader.ReadInto(new TelemetrySource()));
                return true;
            case (8, WireType.LengthDelimited):
                Red.Add(reader.ReadInto(new RedSeries()));
                return true;
            case (9, WireType.LengthDelimited):
                HostPoints.Add(reader.ReadInto(new HostPoint()));
                return true;
            case (10, WireType.LengthDelimited):
                Spans.Add(reader.ReadInto(new SpanSkeleton()));
                return true;
            case (11, WireType.LengthDelimited):
                OtlpHttp = reader.ReadString();
                return true;
            case (12, WireType.LengthDelimited):
                ForwardProblem = reader.ReadString();
                return true;
            case (13, WireType.Fixed64):
                ForwardProblemUnixNano = reader.ReadFixed64();
                return true;
            case (14, WireType.LengthDelimited):
                Edges.Add(reader.ReadInto(new EdgeSeries()));
                return true;
            case (15, WireType.LengthDelimited):
                Findings.Add(reader.ReadInto(new ServiceFinding()));
                return true;
            case (20, WireType.LengthDelimited):
                SamplingRevision = reader.ReadString();
                return true;
            case (21, WireType.Fixed64):
                SamplingSinceUnixNano = reader.ReadFixed64();
                return true;
            case (22, WireType.Varint):
                SpansSeen = reader.ReadVarint();
                return true;
            case (23, WireType.Varint):
                SpansKept = reader.ReadVarint();
                return true;
            case (24, WireType.LengthDelimited):
                Groups.Add(reader.ReadInto(new SpanGroup()));
                return true;
            case (25, WireType.Fixed64):
                ChosenThreshold = reader.ReadFixed64();
                return true;
            case (26, WireType.Fixed64):
                ChosenSinceUnixNano = reader.ReadFixed64();
                return true;
            case (27, WireType.Varint):
                IsLast = reader.ReadBool();
                return true;
            case (28, WireType.LengthDelimited):
                Replaces = reader.ReadString();
                return true;
            case (30, WireType.LengthDelimited):
                QualityFacts.Add(reader.ReadInto(new QualityFact()));
                return true;
            case (31, WireType.LengthDelimited):
                MetricFacts.Add(reader.ReadInto(new MetricFact()));
                return true;
            case (32, WireType.LengthDelimited):
                AttributeSketches.Add(reader.ReadInto(new AttributeSketch()));
                return true;
            default:
                return false;
        }
    }
}

/// <summary>The hub's answer: full_wanted = 1.</summary>
public sealed class ObservationReply : IWireMessage
{
    /// <summary>The hub missed a batch, or is new: send everything next time.</summary>
    public bool FullWanted { get; set; }

    public void WriteTo(ProtoWriter writer) => writer.Bool(1, FullWanted);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.Varint))
        {
            return false;
        }

        FullWanted = reader.ReadBool();
        return true;
    }
}
