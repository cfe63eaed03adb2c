using Gantry.Estate.Ladder;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Catalogue;

/// <summary>What the emitters of one service say together; what is told of now counts those of the last five minutes.</summary>
internal sealed class SeenSources(DateTimeOffset now)
{
    private readonly SeenWords _versions = new();
    private readonly SeenWords _instruments = new();
    private readonly HashSet<(string, string, string)> _instances = [];
    private DateTimeOffset _criticalityAt;

    public bool HasObi { get; private set; }

    public bool HasSdk { get; private set; }

    /// <summary>service.criticality of the newest that has it. OpenTelemetry's word for the highest is "critical", the Instrumentation Score's "mission_critical".</summary>
    public string Criticality { get; private set; } = "";

    public IReadOnlyList<string> Versions => _versions.Newest;

    public int MoreVersions => _versions.More;

    public int Instances => _instances.Count;

    /// <summary>"opentelemetry 1.30.0, opentelemetry-ebpf-instrumentation 0.9".</summary>
    public string Instruments => SeenWords.Text(_instruments.Newest, _instruments.More);

    public void Add(SourceState source)
    {
        var isObi = KnownNames.IsObi(source);
        HasObi |= isObi;
        HasSdk |= !isObi;
        if (source.Find("service.criticality") is { Length: > 0 } word && source.LastSeen > _criticalityAt)
        {
            (Criticality, _criticalityAt) = (word == "critical" ? "mission_critical" : word, source.LastSeen);
        }

        if (now - source.LastSeen > Ladder.FreshFor)
        {
            return;
        }

        _instances.Add(InstanceOf(source));
        _versions.Add(source.Find("service.version"), source.LastSeen);
        _instruments.Add(ServiceRows.InstrumentationOf(source), source.LastSeen);
    }

    private static (string, string, string) InstanceOf(SourceState source) => source.Find("service.instance.id") is { Length: > 0 } id
        ? (id, "", "")
        : (source.Find("host.id") is { Length: > 0 } host ? host : source.Find("host.name"), source.Find("container.id"), source.Find("process.pid"));
}
