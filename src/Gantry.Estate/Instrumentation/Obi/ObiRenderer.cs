using System.Globalization;
using Gantry.Estate.Configurations;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Instrumentation.Obi;

/// <summary>
/// A plan as OBI's configuration: version 1 (all releases) and 2 (0.11 and later). What has an SDK or is attached to is excluded by pid, so that nothing is
/// counted twice; telemetry goes to the agent's own gateway.
/// </summary>
public static class ObiRenderer
{
    /// <param name="gateway">"http://127.0.0.1:4318".</param>
    /// <param name="instrumented">Pids of processes that something else instruments.</param>
    /// <returns>Null when a rule cannot be said, with each such rule.</returns>
    public static string? Render(
        InstrumentationPlan plan, int version, string gateway, IReadOnlyCollection<uint> instrumented, out IReadOnlyList<InjectorProblem> problems)
    {
        if (ObiSelection.Compile(plan.Rules, out problems) is not { } selection)
        {
            return null;
        }

        if (version == 2 && ObiSystemPaths.Unreachable(selection) is { Count: > 0 } unreachable)
        {
            problems = unreachable;
            return null;
        }

        var endpoint = gateway.TrimEnd('/');
        var own = version == 2 ? Version2(selection, endpoint, instrumented) : Version1(selection, endpoint, instrumented);
        // The operator's own settings come behind: what decides the selection, and where telemetry goes, stays ours.
        IEnumerable<(string, MappingNode)> sources = plan.ObiSettings is { } settings ? [("pipelines", settings)] : [];
        return "# Written by gantry-agent, by decision of the hub.\n" + YamlWriter.Write(SettingsMerge.Of([("instrumentation", own), .. sources], "", new OriginList()));
    }

    private static MappingNode Version1(ObiSelection selection, string endpoint, IReadOnlyCollection<uint> instrumented)
    {
        var excludes = selection.Excludes.Select(rule => (Node)Selector(rule)).ToList();
        if (instrumented.Count > 0)
        {
            excludes.Insert(0, Nodes.Mapping(("target_pids", Pids(instrumented))));
        }

        var discovery = new List<(string, Node)>
        {
            ("exclude_instrument", new ListNode(excludes, 0, 0)),
            ("exclude_otel_instrumented_services", Nodes.Text("true")),
        };
        if (ObiSystemPaths.For(selection) is { } folders)
        {
            discovery.Add(("excluded_linux_system_paths", Nodes.ListOf(folders)));
        }

        discovery.Add(("instrument", new ListNode([.. selection.Includes.Select(rule => (Node)Selector(rule))], 0, 0)));
        return Nodes.Mapping(
            ("discovery", Nodes.Mapping(discovery)),
            ("otel_metrics_export", Nodes.Mapping(("endpoint", Nodes.Quoted($"{endpoint}/v1/metrics")), ("protocol", Nodes.Text("http/protobuf")))),
            ("otel_traces_export", Nodes.Mapping(("endpoint", Nodes.Quoted($"{endpoint}/v1/traces")), ("protocol", Nodes.Text("http/protobuf")))));
    }

    /// <summary>One glob for each field; several are one with braces.</summary>
    private static MappingNode Selector(InstrumentationRule rule)
    {
        var fields = new List<(string, Node)>();
        AddIf(fields, "exe_path", rule.Match.Executables);
        AddIf(fields, "languages", rule.Match.Languages);
        AddPorts(fields, rule.Match);
        return Nodes.Mapping(fields);
    }

    private static void AddIf(List<(string, Node)> fields, string name, IReadOnlyList<string> globs)
    {
        if (globs.Count > 0)
        {
            fields.Add((name, Nodes.Quoted(globs.Count == 1 ? globs[0] : $"{{{string.Join(',', globs)}}}")));
        }
    }

    private static void AddPorts(List<(string, Node)> fields, ProcessMatch match)
    {
        if (match.Ports.Count > 0)
        {
            fields.Add(("open_ports", Nodes.Quoted(string.Join(',', match.Ports))));
        }
    }

    private static MappingNode Version2(ObiSelection selection, string endpoint, IReadOnlyCollection<uint> instrumented)
    {
        var rules = new List<Node>();
        if (instrumented.Count > 0)
        {
            rules.Add(Nodes.Mapping(
                ("action", Nodes.Text("exclude")), ("match", Nodes.Mapping(("process", Nodes.Mapping(("target_pids", Pids(instrumented)))))), ("name", Nodes.Quoted("instrumented-otherwise"))));
        }

        // Exclusions first: that is how they act.
        rules.AddRange(selection.Excludes.Select(rule => Rule("exclude", rule)));
        rules.AddRange(selection.Includes.Select(rule => Rule("include", rule)));
        return Nodes.Mapping(
            ("extensions", Nodes.Mapping(("obi", Nodes.Mapping(
                ("capture", Nodes.Mapping(
                    ("policy", Nodes.Mapping(("default_action", Nodes.Text("exclude")), ("match_order", Nodes.Text("first_match_wins")))),
                    ("rules", new ListNode(rules, 0, 0)))),
                ("version", Nodes.Quoted("2.0")))))),
            ("file_format", Nodes.Quoted("1.0")),
            ("meter_provider", Nodes.Mapping(("readers", Single("periodic", $"{endpoint}/v1/metrics")))),
            ("tracer_provider", Nodes.Mapping(("processors", Single("batch", $"{endpoint}/v1/traces")))));
    }

    private static ListNode Single(string kind, string endpoint) =>
        new([Nodes.Mapping((kind, Nodes.Mapping(("exporter", Nodes.Mapping(("otlp_http", Nodes.Mapping(("endpoint", Nodes.Quoted(endpoint)))))))))], 0, 0);

    private static MappingNode Rule(string action, InstrumentationRule rule)
    {
        var fields = new List<(string, Node)>();
        if (rule.Match.Executables.Count > 0)
        {
            fields.Add(("exe_path_glob", new ListNode([.. rule.Match.Executables.Select(glob => (Node)Nodes.Quoted(glob))], 0, 0)));
        }

        if (rule.Match.Languages.Count > 0)
        {
            fields.Add(("language_glob", new ListNode([.. rule.Match.Languages.Select(glob => (Node)Nodes.Quoted(glob))], 0, 0)));
        }

        AddPorts(fields, rule.Match);
        return Nodes.Mapping(("action", Nodes.Text(action)), ("match", Nodes.Mapping(("process", Nodes.Mapping(fields)))), ("name", Nodes.Quoted(rule.Name)));
    }

    private static Node Pids(IEnumerable<uint> pids) => Nodes.ListOf(pids.Order().Select(pid => pid.ToString(CultureInfo.InvariantCulture)));
}
