using static Gantry.Estate.Quality.ScoreImpact;
using static Gantry.Estate.Quality.ScoreTarget;

namespace Gantry.Estate.Quality;

/// <summary>
/// The rules of the Instrumentation Score, all of those of one revision of its specification and no others: a rule of our own would make the number
/// incomparable. Ids, impacts and thresholds are the specification's, the words are ours. docs/score.md repeats this table, and a test holds it to that.
/// </summary>
public static class OfficialRules
{
    /// <summary>https://github.com/instrumentation-score/spec</summary>
    public const string SpecVersion = "0.1";

    /// <summary>The revision of 2026-04-09 of its main branch.</summary>
    public const string SpecCommit = "e6ee222742841c96dc4d121b0b4879ebac7c7cdf";

    private const string Views = "metrics: views of the SDK, or attribute limits of the instrumentation";

    public static IReadOnlyList<ScoreRule> All { get; } =
    [
        new("RES-001", Resource, Normal, "service.instance.id is there",
            "Every resource has service.instance.id.",
            "Instances of a service cannot be told apart, so that one bad instance hides among the good ones.",
            "Give each instance an id of its own where the process is started; newer SDKs can make one.",
            "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=$(cat /proc/sys/kernel/random/uuid)",
            "Every resource that sent anything."),
        new("RES-002", Resource, Important, "service.instance.id is nobody else's",
            "No two pods, containers or processes of a service use one service.instance.id at the same time.",
            "Series and spans of two instances are taken for one: counters seem to jump, and averages mix them.",
            "Do not put a constant into service.instance.id: take what each instance has for itself, such as the pod's uid.",
            "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=$(K8S_POD_UID)",
            "Resources with the same id that name two pods, containers or processes of the same kind, and that overlapped for more than ten seconds."),
        new("RES-003", Resource, Important, "k8s.pod.uid is there",
            "Every resource that describes a pod has k8s.pod.uid.",
            "A pod's name or address may be used again, or belong to a mesh's proxy: telemetry cannot be joined with its pod for sure.",
            "Hand the pod's uid in by the downward API, or let the collector's k8s_attributes processor add it.",
            """
            env:
              - name: K8S_POD_UID
                valueFrom: {fieldRef: {fieldPath: metadata.uid}}
              - name: OTEL_RESOURCE_ATTRIBUTES
                value: k8s.pod.uid=$(K8S_POD_UID)
            """,
            "Resources with a k8s attribute of a pod, a container or a workload; where there is none, it is not judged."),
        new("RES-004", Resource, Important, "Attributes stand at the level that the conventions say",
            "No resource has attributes of operations (http.request.method), no span or log record has attributes of resources (service.name).",
            "Whoever asks for the attribute at its level does not find it.",
            "Set attributes of the service in its resource, and attributes of a request on its span; a collector can move what a program cannot.",
            """
            processors:
              transform:
                trace_statements:
                  - delete_key(span.attributes, "service.name")
            """,
            "Every resource; of log records and spans a sample of each second. Attributes that the conventions allow at several levels are not looked at."),
        new("RES-005", Resource, Critical, "service.name is there",
            "Every resource has a service.name that is not empty.",
            "Services without a name pass for one, and their numbers are mixed.",
            "Set the name where the process is started, and restart it.",
            "OTEL_SERVICE_NAME=…",
            "Every resource; what has no name stands under unknown_service."),
        new("SPA-001", Span, Normal, "Few INTERNAL spans in a trace",
            "In no trace has the service more than 10 spans of kind INTERNAL.",
            "Many inner spans cost money and hide the calls between services.",
            "Switch off instrumentation that makes a span of each inner step, or make events of them.",
            "OTEL_INSTRUMENTATION_<NAME>_ENABLED=false",
            "Traces that the gateways chose, whole."),
        new("SPA-002", Span, Normal, "No span without its parent",
            "The parent of every span that names one is in the trace.",
            "The trace falls into pieces: who caused what cannot be told.",
            "Send all spans of a trace to Gantry, also those of the caller; sample at the gateway and not at the source.",
            "OTEL_TRACES_SAMPLER=always_on",
            "Traces that the gateways chose, whole; not those with spans of a service that samples at its source."),
        new("SPA-003", Span, Important, "Span names have few values",
            "Not defined: the specification has no criteria yet.",
            "Names with ids or queries in them cannot be grouped.",
            "Use the route template or the shape of the query as span name.",
            "",
            "Nothing.")
        {
            Undecidable = "the specification has not written its criteria",
        },
        new("SPA-004", Span, Important, "No trace begins with a CLIENT span",
            "No span without a parent has kind CLIENT.",
            "It is not known why the call was made: what runs above it is not instrumented, or lost the context.",
            "Instrument what runs the call (server framework, message listener, job), or open a span around it.",
            "tracer.startActiveSpan('job name', …)",
            "Traces that the gateways chose, whole."),
        new("SPA-005", Span, Important, "Few very short spans in a trace",
            "No trace has more than 20 spans shorter than 5 milliseconds.",
            "Such spans cost more than they tell, and may say that there are too many small calls.",
            "Leave out instrumentation of caches and inner calls, or join the calls into fewer.",
            "OTEL_INSTRUMENTATION_<NAME>_ENABLED=false",
            "Traces that the gateways chose, whole; it counts for each service that has one of the short spans."),
        new("MET-001", Metric, Important, "Attributes of metrics have few values",
            "Each attribute of a metric has less than 10,000 different values within an hour.",
            "Each value is a time series of its own: storage grows, queries get slow.",
            "Drop the attribute from the metric with a view, or replace ids by what they stand for.",
            Views,
            "Every attribute of every data point, by a sketch that adds up over gateways, ±5 %."),
        new("MET-002", Metric, Important, "Metrics have a unit",
            "Every metric has a unit, in the Unified Code for Units of Measure.",
            "Without its unit a number cannot be read: seconds or milliseconds, bytes or megabytes.",
            "Name the unit where the instrument is made: \"s\", \"By\", \"1\", \"{request}\".",
            "meter.createHistogram('name', {unit: 's'})",
            "Every metric."),
        new("MET-003", Metric, Important, "A metric has one unit everywhere",
            "All series of a metric's name had the same unit within 14 days, whichever service sent them.",
            "Sums and averages over services mix numbers of different units.",
            "Use the unit of the conventions in every service, or another name.",
            "meter.createHistogram('name', {unit: 's'})",
            "Every metric of every service that sends here."),
        new("MET-004", Metric, Normal, "A histogram has the same buckets everywhere",
            "All histograms of a metric's name had the same bounds within 14 days, whichever service sent them.",
            "Percentiles over services are less exact than each of them.",
            "Set the bounds in one place for all services, with a view or with advice where the instrument is made; or use exponential histograms.",
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION=base2_exponential_bucket_histogram",
            "The explicit bounds of every histogram of every service that sends here."),
        new("MET-005", Metric, Normal, "Units stand in the unit, not in the name",
            "No metric's name has its unit in it, as in collection.duration.seconds.",
            "The name must change when the unit does, and it says twice what it measures.",
            "Take the unit out of the name, and give it as the unit.",
            "meter.createHistogram('collection.duration', {unit: 's'})",
            "The name and unit of every metric. Where no unit is given, a name that ends in a unit of time or size counts."),
        new("MET-006", Metric, Important, "Metrics are not called like attributes",
            "No metric's name is the key of an attribute of the semantic conventions.",
            "The same word means two things, and queries find the wrong one.",
            "Rename the metric: its name says what is measured, such as http.server.request.duration.",
            "",
            $"The name of every metric, against the {AttributeKeyTable.Count} keys of semantic conventions {AttributeKeyTable.Version}."),
        new("LOG-001", Log, Important, "No DEBUG logs for long in production",
            "In an environment called production or prod, DEBUG records did not come for longer than 14 days.",
            "They cost storage, may hold what nobody should read, and hide what matters.",
            "Raise the level where the logger is configured; where it must stay, drop such records in a collector.",
            """
            processors:
              filter:
                log_conditions:
                  - log.severity_number < SEVERITY_NUMBER_INFO
            """,
            "Every log record whose severity text is DEBUG or whose number is 5 to 8. A pause of a day begins anew. Other environments are not judged."),
        new("LOG-002", Log, Important, "Log records have a severity",
            "Every log record has its severity number set.",
            "Errors cannot be found among the rest.",
            "Let the receiver that reads the file parse the level.",
            """
            operators:
              - type: severity_parser
                parse_from: attributes.level
            """,
            "Every log record."),
        new("SDK-001", Sdk, Low, "The runtime is one that the SDK supports",
            "The version of language and runtime is one that the SDK supports.",
            "Nobody corrects faults of such a pair, and newer conventions do not come to it.",
            "Move to a supported version of the runtime, or to the SDK that supports the one you have.",
            "",
            "telemetry.sdk.version and process.runtime.version of every resource of Java, Node.js, Python and .NET; others are not judged."),
    ];

    public static ScoreRule? Find(string id) => All.FirstOrDefault(rule => rule.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
