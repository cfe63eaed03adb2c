using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>
/// Several otelcol pipelines as one collector configuration. Components and pipelines get the name of their pipeline, so none meets another's; the
/// exporter of a destination is there once, whoever uses it; lists are put together here, in order, and not by the collector, which would replace them.
/// </summary>
internal static class CollectorCompiler
{
    public static string Compile(IReadOnlyList<Pipeline> matching, CompileInput input, OriginList origins, List<CompileProblem> problems)
    {
        var pipelines = matching.Where(pipeline => HasDestinations(pipeline, input, problems)).ToList();
        var head = ConfigCompiler.HeadOf(pipelines, "#");
        if (pipelines.Count == 0)
        {
            // A collector without a pipeline does not start, so this one does nothing.
            return head + "receivers:\n  nop:\nexporters:\n  nop:\nservice:\n  pipelines:\n    traces:\n      receivers:\n        - nop\n      exporters:\n        - nop\n";
        }

        var root = new List<(string, Node)>();
        foreach (var section in CollectorConfig.Sections)
        {
            var components = Components(section, pipelines, origins).Concat(section == "exporters" ? DestinationExporter.Of(pipelines, input, origins) : [])
                .OrderBy(component => component.Id, StringComparer.Ordinal).ToList();
            if (components.Count > 0)
            {
                root.Add((section, Nodes.Mapping(components)));
            }
        }

        root.Add(("service", Nodes.Mapping(Service(pipelines, input, origins))));
        return head + YamlWriter.Write(Nodes.Mapping(root));
    }

    private static CollectorContents Of(Pipeline pipeline) => (CollectorContents)pipeline.Contents;

    private static bool HasDestinations(Pipeline pipeline, CompileInput input, List<CompileProblem> problems)
    {
        var missing = Of(pipeline).Config.Destinations.Where(destination => input.Destination(NameOf(destination)) is null).ToList();
        problems.AddRange(missing.Select(destination => new CompileProblem(pipeline.Resource, destination.Line, $"there is no Destination {NameOf(destination)}")));
        return missing.Count == 0;
    }

    private static string NameOf(ScalarNode destination) => destination.Text[CollectorConfig.DestinationPrefix.Length..];

    private static IEnumerable<(string Id, Node Config)> Components(string section, IReadOnlyList<Pipeline> pipelines, OriginList origins)
    {
        foreach (var pipeline in pipelines)
        {
            var config = Of(pipeline).Config;
            foreach (var component in config.Components.Where(component => component.Section == section))
            {
                var id = ComponentId.Of(pipeline.Name, component.Id);
                origins.Add($"{section}.{id}", pipeline.Resource, component.Key.Line);
                Node settings = component.Config is null ? Nodes.Nothing : Renamed(component.Config, "", pipeline.Name, config);
                if (settings is MappingNode mapping)
                {
                    foreach (var (key, value) in mapping.Fields)
                    {
                        origins.Add($"{section}.{id}.{key.Text}", pipeline.Resource, key.Line);
                        AddInside(origins, $"{section}.{id}.{key.Text}", value, pipeline.Resource);
                    }
                }

                yield return (id, settings);
            }
        }
    }

    private static void AddInside(OriginList origins, string path, Node node, string resource)
    {
        if (node is MappingNode mapping)
        {
            foreach (var (key, value) in mapping.Fields)
            {
                origins.Add($"{path}.{key.Text}", resource, key.Line);
                AddInside(origins, $"{path}.{key.Text}", value, resource);
            }
        }
        else if (node is ListNode list)
        {
            for (var i = 0; i < list.Items.Count; i++)
            {
                origins.AddAll($"{path}[{i}]", list.Items[i], resource, list.Line);
            }
        }
    }

    /// <summary>The settings of a component, with the new ids of what they name.</summary>
    private static Node Renamed(Node node, string setting, string pipeline, CollectorConfig config)
    {
        switch (node)
        {
            case MappingNode mapping:
                return new MappingNode([.. mapping.Fields.Select(field => new MappingField(field.Key, Renamed(field.Value, field.Key.Text, pipeline, config)))], mapping.Line, mapping.Column);
            case ListNode list:
                return new ListNode([.. list.Items.Select(item => Renamed(item, setting, pipeline, config))], list.Line, list.Column);
            case ScalarNode scalar when (ComponentReferences.ToExtension(setting) && config.Components.Any(component => component.Section == "extensions" && component.Id == scalar.Text))
                || (ComponentReferences.ToPipeline(setting) && config.Pipelines.Any(other => other.Id == scalar.Text)):
                return new ScalarNode(ComponentId.Of(pipeline, scalar.Text), quoted: false, scalar.Line, scalar.Column);
            default:
                return node;
        }
    }

    private static IEnumerable<(string, Node)> Service(IReadOnlyList<Pipeline> pipelines, CompileInput input, OriginList origins)
    {
        var extensions = pipelines.SelectMany(pipeline => Of(pipeline).Config.Extensions.Select(id => (Id: ComponentId.Of(pipeline.Name, id.Text), id.Line, pipeline.Resource))).ToList();
        if (extensions.Count > 0)
        {
            for (var i = 0; i < extensions.Count; i++)
            {
                origins.Add($"service.extensions[{i}]", extensions[i].Resource, extensions[i].Line);
            }

            yield return ("extensions", Nodes.ListOf(extensions.Select(extension => extension.Id)));
        }

        var telemetry = pipelines.Where(pipeline => Of(pipeline).Config.Telemetry is not null).Select(pipeline => (pipeline.Resource, Of(pipeline).Config.Telemetry!)).ToList();
        if (telemetry.Count > 0)
        {
            yield return ("telemetry", SettingsMerge.Of(telemetry, "service.telemetry", origins));
        }

        yield return ("pipelines", Nodes.Mapping(pipelines.SelectMany(pipeline => Pipelines(pipeline, input, origins)).OrderBy(item => item.Id, StringComparer.Ordinal)));
    }

    private static IEnumerable<(string Id, Node Config)> Pipelines(Pipeline pipeline, CompileInput input, OriginList origins)
    {
        var contents = Of(pipeline);
        foreach (var one in contents.Config.Pipelines)
        {
            var path = $"service.pipelines.{ComponentId.Of(pipeline.Name, one.Id)}";
            origins.Add(path, pipeline.Resource, one.Key.Line);
            var fields = new List<(string, Node)>();
            void Add(string name, IReadOnlyList<ScalarNode> ids)
            {
                if (ids.Count == 0)
                {
                    return;
                }

                origins.Add($"{path}.{name}", pipeline.Resource, ids[0].Line);
                for (var i = 0; i < ids.Count; i++)
                {
                    origins.Add($"{path}.{name}[{i}]", pipeline.Resource, ids[i].Line);
                }

                fields.Add((name, Nodes.ListOf(ids.Select(id => id.Text.StartsWith(CollectorConfig.DestinationPrefix, StringComparison.Ordinal)
                    ? DestinationExporter.IdOf(input.Destination(NameOf(id))!, input.NewNames)
                    : ComponentId.Of(pipeline.Name, id.Text)))));
            }

            Add("receivers", one.Receivers);
            Add("processors", contents.KeepsOrder ? one.Processors : ProcessorOrder.Sort(one.Processors, processor => processor.Text));
            Add("exporters", one.Exporters);
            yield return (ComponentId.Of(pipeline.Name, one.Id), Nodes.Mapping(fields));
        }
    }
}
