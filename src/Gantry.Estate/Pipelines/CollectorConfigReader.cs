using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>Reads collector YAML as the contents of a pipeline, and checks what <c>otelcol validate</c> would and some that it does not.</summary>
internal sealed partial class CollectorConfigReader(ResourceProblems problems)
{
    private static readonly string[] Signals = ["traces", "metrics", "logs", "profiles"];

    private readonly List<CollectorComponent> _components = [];
    private readonly List<CollectorPipeline> _pipelines = [];
    private IReadOnlyList<ScalarNode> _extensions = [];
    private MappingNode? _telemetry;

    public static CollectorConfig? Read(MappingNode root, string path, bool keepsOrder, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var reader = new CollectorConfigReader(problems);
        reader.Document(root, path);
        if (problems.All.Count == before)
        {
            reader.CheckReferences(path);
            reader.CheckConnectors(path);
            reader.CheckNames(path);
        }

        if (problems.All.Count > before)
        {
            return null;
        }

        Lint.ConfigLint.Check(new Lint.LintInput(reader._components, reader._pipelines, reader._telemetry, path), problems);
        if (problems.All.Count > before)
        {
            return null;
        }

        if (!keepsOrder)
        {
            reader.CheckOrder(path);
        }

        var destinations = reader._pipelines.SelectMany(pipeline => pipeline.Exporters)
            .Where(exporter => exporter.Text.StartsWith(CollectorConfig.DestinationPrefix, StringComparison.Ordinal))
            .DistinctBy(exporter => exporter.Text);
        var ports = reader._components.SelectMany(component => ListenPorts.Of(component, $"{path}.{component.Section}.{component.Id}", problems));
        return new CollectorConfig(reader._components, reader._pipelines, reader._extensions, reader._telemetry, [.. destinations], [.. ports]);
    }

    private void Document(MappingNode root, string path)
    {
        if (FieldReader.Of(root, path, problems) is not { } fields)
        {
            return;
        }

        foreach (var section in CollectorConfig.Sections)
        {
            if (fields.FindMapping(section) is { } reader)
            {
                Components(section, (MappingNode)reader.Place, reader.Path);
            }
        }

        if (fields.FindMapping("service") is { } service)
        {
            Service(service);
        }
        else if (fields.Find("service") is null)
        {
            fields.Problem("service", "is missing; write service: {pipelines: {traces: {receivers: […], exporters: […]}}}");
        }

        fields.Done();
    }

    private void Components(string section, MappingNode mapping, string path)
    {
        var seen = new HashSet<string>();
        foreach (var (key, value) in mapping.Fields)
        {
            var field = $"{path}.{key.Text}";
            if (!ComponentId.IsValid(key.Text))
            {
                problems.Add(key, field, "expected type or type/name: a type of letters, digits and '_', a name without blanks and symbols");
            }
            else if (!seen.Add(key.Text))
            {
                problems.Add(key, field, "is there twice; keep one of the two, or give it a name of its own");
            }
            else if (value is not (MappingNode or ScalarNode { IsNull: true }))
            {
                problems.Add(value, field, $"expected settings (name: value) or nothing, this is {value.Word}");
            }
            else if (section == "exporters" && key.Text.StartsWith(CollectorConfig.DestinationPrefix, StringComparison.Ordinal))
            {
                problems.Add(key, field, "stands for a Destination resource, which has the settings; leave it out here and name it in the exporters of a pipeline");
            }
            else
            {
                CheckTwice(value, field);
                SecretWords.Check(value, field, problems);
                _components.Add(new CollectorComponent(section, key.Text, key, value as MappingNode));
            }
        }
    }

    private void Service(FieldReader service)
    {
        _extensions = Ids(service, "extensions");
        _telemetry = service.FindMapping("telemetry")?.Place as MappingNode;
        CheckTwice(_telemetry, service.FieldOf("telemetry"));
        SecretWords.Check(_telemetry, service.FieldOf("telemetry"), problems);
        if (service.FindMapping("pipelines") is not { } pipelines || ((MappingNode)pipelines.Place).Fields.Count == 0)
        {
            service.Problem("pipelines", "has no pipeline; write pipelines: {traces: {receivers: […], exporters: […]}}");
        }
        else
        {
            foreach (var (key, value) in ((MappingNode)pipelines.Place).Fields)
            {
                Pipeline(key, value, $"{pipelines.Path}.{key.Text}");
            }
        }

        service.Done();
    }

    private void Pipeline(ScalarNode key, Node value, string path)
    {
        if (!ComponentId.IsValid(key.Text) || !Signals.Contains(key.Text.Split('/')[0]))
        {
            problems.Add(key, path, $"expected {string.Join(", ", Signals)}, or one of them with a name, such as traces/in");
        }
        else if (_pipelines.Exists(other => other.Id == key.Text))
        {
            problems.Add(key, path, "is there twice; keep one of the two, or give it a name of its own, such as traces/second");
        }
        else if (FieldReader.Of(value, path, problems) is { } fields)
        {
            var pipeline = new CollectorPipeline(key.Text, key, Ids(fields, "receivers"), Ids(fields, "processors"), Ids(fields, "exporters"));
            if (pipeline.Receivers.Count == 0)
            {
                fields.Problem("receivers", "the pipeline has no receiver, so nothing comes in; name one");
            }

            if (pipeline.Exporters.Count == 0)
            {
                fields.Problem("exporters", "the pipeline has no exporter, so nothing goes out; name one, or a destination as destination/NAME");
            }

            fields.Done();
            _pipelines.Add(pipeline);
        }
    }

    /// <summary>A list of ids, each once.</summary>
    private List<ScalarNode> Ids(FieldReader fields, string name)
    {
        var ids = new List<ScalarNode>();
        foreach (var (item, path) in fields.FindList(name))
        {
            if (item is not ScalarNode { IsNull: false } id)
            {
                problems.Add(item, path, $"expected the id of a component, this is {item.Word}");
            }
            else if (ids.Exists(other => other.Text == id.Text))
            {
                problems.Add(item, path, "is in this list twice; keep one of the two");
            }
            else
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>A collector does not start over a name that is there twice.</summary>
    private void CheckTwice(Node? node, string path)
    {
        switch (node)
        {
            case MappingNode mapping:
                var seen = new HashSet<string>();
                foreach (var (key, value) in mapping.Fields)
                {
                    if (!seen.Add(key.Text))
                    {
                        problems.Add(key.Line, key.Column, $"{path}.{key.Text}", "", "is there twice; keep one of the two");
                    }

                    CheckTwice(value, $"{path}.{key.Text}");
                }

                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    CheckTwice(list.Items[i], $"{path}[{i}]");
                }

                break;
        }
    }
}
