using System.Text.Json;
using Gantry.Estate.Journeys;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>
/// OpenSLO v1 to journeys: SLOs of one service are one journey. What Gantry wrote comes back equal. Of what others wrote is taken what means the same here; whatever does not
/// is named with why, and nothing is guessed in silence.
/// </summary>
public sealed class OpenSloReader
{
    private static readonly string[] Kinds = ["SLO", "SLI", "Service", "AlertPolicy", "AlertCondition", "AlertNotificationTarget", "DataSource"];

    private readonly List<OpenSloObject> _objects = [];
    private readonly List<ResourceProblem> _problems = [];
    private readonly string _journey;
    private readonly JourneyEntry? _entry;

    private OpenSloReader(string journey, JourneyEntry? entry) => (_journey, _entry) = (journey, entry);

    /// <param name="files">Name and text of each.</param>
    /// <param name="journey">Name of the journey that all SLOs go into; "": one for each service.</param>
    /// <param name="entry">Where it begins; null: where the SLOs' queries or services say.</param>
    public static OpenSloImport Read(IEnumerable<(string File, string Text)> files, string journey = "", JourneyEntry? entry = null)
    {
        var reader = new OpenSloReader(journey, entry);
        var all = new List<ResourceProblems>();
        foreach (var (file, text) in files)
        {
            var problems = new ResourceProblems(file);
            all.Add(problems);
            foreach (var root in ResourceText.Nodes(text, problems))
            {
                reader.Take(root, problems);
            }
        }

        var journeys = all.Exists(problems => problems.All.Count > 0) ? [] : reader.Journeys();
        return new OpenSloImport(journeys, [.. all.SelectMany(problems => problems.All), .. all.SelectMany(problems => problems.Warnings), .. reader._problems]);
    }

    /// <summary>"storefront" or "storefront/POST /purchase": the service's name has no '/'.</summary>
    public static JourneyEntry? ParseEntry(string text)
    {
        var bar = text.IndexOf('/');
        var (service, operation) = bar < 0 ? (text, "") : (text[..bar], text[(bar + 1)..]);
        return service.Length is 0 or > JourneyReader.LongestName || operation.Length > JourneyReader.LongestName || text.Any(char.IsControl) ? null : new JourneyEntry(service, "", "", operation);
    }

    private void Take(Node root, ResourceProblems problems)
    {
        var (version, kind) = (OpenSloObject.TextOf(root, "apiVersion"), OpenSloObject.TextOf(root, "kind"));
        if (version != OpenSloWriter.ApiVersion)
        {
            problems.Add(OpenSloObject.Find(root, "apiVersion") ?? root, "apiVersion", $"expected {OpenSloWriter.ApiVersion}");
        }
        else if (!Kinds.Contains(kind))
        {
            problems.Add(OpenSloObject.Find(root, "kind") ?? root, "kind", $"expected {string.Join(", ", Kinds.SkipLast(1))} or {Kinds[^1]}");
        }
        else
        {
            var taken = new OpenSloObject(root, kind, problems);
            _objects.Add(taken);
            if (kind is "DataSource" or "AlertNotificationTarget")
            {
                taken.Note(null, "", kind == "DataSource" ? "is left out: Gantry counts requests itself and asks no other source" : "is left out: Gantry notifies nobody, its alerts are on pages, in REST and in exported rules");
            }
        }
    }

    private List<ImportedJourney> Journeys()
    {
        var journeys = new List<ImportedJourney>();
        var services = _objects.Where(item => item.Kind == "Service").GroupBy(item => item.Name).ToDictionary(group => group.Key, group => group.First());
        var slos = _objects.Where(item => item.Kind == "SLO").ToLookup(slo => _journey.Length > 0 ? "" : slo.Text("spec", "service"));
        var names = _journey.Length > 0 ? [""] : services.Where(service => service.Value.Annotation("journey").Length > 0).Select(service => service.Key).Union(slos.Select(group => group.Key));
        foreach (var name in names)
        {
            var list = slos[name].ToList();
            var service = services.GetValueOrDefault(_journey.Length > 0 ? list.Select(slo => slo.Text("spec", "service")).FirstOrDefault("") : name);
            if (list.Count == 0 && service is null)
            {
                continue;
            }

            var journey = Journey(name, service, list);
            var problems = new ResourceProblems($"journey {journey.Name}");
            var document = JourneyYaml.Write(journey);
            if (ResourceText.Read(document, problems) is [{ Model: Journey sound }] && problems.All.Count == 0)
            {
                journeys.Add(new ImportedJourney(sound.Name, document) { Journey = sound });
            }

            _problems.AddRange(problems.All);
        }

        foreach (var policy in _objects.Where(item => item.Kind is "AlertPolicy" or "AlertCondition" && item.Annotation("short-window").Length == 0))
        {
            policy.Note(null, "", "is left out: Gantry works out burn-rate alerts for every objective itself");
        }

        return journeys;
    }

    private Journey Journey(string serviceName, OpenSloObject? service, List<OpenSloObject> slos)
    {
        var own = service?.Annotation("journey") ?? "";
        var name = _journey.Length > 0 ? _journey : own.Length > 0 ? own : OpenSloWriter.Name(serviceName.Length > 0 ? serviceName : "journey");
        var entry = _entry ?? Entry(service, slos, serviceName);
        var objectives = new List<Objective>();
        foreach (var slo in slos)
        {
            objectives.AddRange(new SloMapping(slo, _objects, entry, objectives).Objectives());
        }

        var description = service?.Annotation("description") is { Length: > 0 } whole ? whole : service?.Text("spec", "description") ?? "";
        return new Journey(name, service?.Title is { Length: > 0 } title ? title : name, service?.Annotation("owner") ?? "", entry, Hops(service), objectives) { Description = description };
    }

    private static JourneyEntry Entry(OpenSloObject? service, List<OpenSloObject> slos, string name)
    {
        if (service?.Annotation("entry-service") is { Length: > 0 } declared)
        {
            return new JourneyEntry(declared, service.Annotation("entry-namespace"), service.Annotation("entry-environment"), service.Annotation("entry-operation"));
        }

        foreach (var query in slos.SelectMany(SloMapping.Queries).Select(SliQuery.Read))
        {
            if (query is { IsOwn: true, Service.Length: > 0 })
            {
                return new JourneyEntry(query.Service, query.Labels.GetValueOrDefault("service_namespace", ""), query.Labels.GetValueOrDefault("deployment_environment_name", ""), query.Operation);
            }
        }

        (service ?? slos.FirstOrDefault())?.Note(null, "", $"does not say which requests a journey begins with; every request to {(name.Length > 0 ? name : "it")} is taken. Say --entry SERVICE/OPERATION");
        return new JourneyEntry(name.Length > 0 ? name : "unknown", "", "", "");
    }

    private static IReadOnlyList<ExpectedHop> Hops(OpenSloObject? service)
    {
        if (service?.Annotation("hops") is not { Length: > 0 } text)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<List<ExpectedHop>>(text, HopJson.Options) is { } hops && hops.TrueForAll(hop => hop is { Service: not null, From: not null, Queue: not null }) ? hops : [];
        }
        catch (JsonException)
        {
            service.Note(service.Find("metadata", "annotations"), $"metadata.annotations.{OpenSloWriter.Prefix}hops", "is not what Gantry writes there; hops are learnt from traces");
            return [];
        }
    }
}
