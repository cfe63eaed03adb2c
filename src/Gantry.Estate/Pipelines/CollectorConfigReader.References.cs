using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>What the parts of a configuration say of each other.</summary>
internal sealed partial class CollectorConfigReader
{
    private static readonly HashSet<string> SameSignal = ["forward", "routing", "failover", "roundrobin", "round_robin"];

    private void CheckReferences(string path)
    {
        var used = new HashSet<(string Section, string Id)>();
        foreach (var pipeline in _pipelines)
        {
            var at = $"{path}.service.pipelines.{pipeline.Id}";
            Resolve(pipeline.Receivers, $"{at}.receivers", ["receivers", "connectors"], used);
            Resolve(pipeline.Processors, $"{at}.processors", ["processors"], used);
            Resolve([.. pipeline.Exporters.Where(exporter => !exporter.Text.StartsWith(CollectorConfig.DestinationPrefix, StringComparison.Ordinal))], $"{at}.exporters", ["exporters", "connectors"], used);
        }

        Resolve(_extensions, $"{path}.service.extensions", ["extensions"], used);
        foreach (var component in _components)
        {
            if (component.Section is "receivers" or "exporters" && _components.Exists(other => other.Section == "connectors" && other.Id == component.Id))
            {
                problems.Add(component.Key, $"{path}.{component.Section}.{component.Id}", "is the id of a connector too; give one of the two another name");
            }
            else if (!used.Contains((component.Section, component.Id)))
            {
                var where = component.Section == "extensions" ? "service.extensions" : "a pipeline of the service";
                problems.Warn(component.Key, $"{path}.{component.Section}.{component.Id}", $"is defined and never used; name it in {where}, or leave it out");
            }
        }
    }

    private void Resolve(IReadOnlyList<ScalarNode> ids, string path, string[] sections, HashSet<(string, string)> used)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (_components.Find(component => sections.Contains(component.Section) && component.Id == ids[i].Text) is { } found)
            {
                used.Add((found.Section, found.Id));
                continue;
            }

            var there = _components.Where(component => sections.Contains(component.Section)).Select(component => component.Id).ToList();
            problems.Add(ids[i], $"{path}[{i}]", $"is not defined; {(there.Count == 0 ? $"define it under {sections[0]}" : $"{string.Join(" and ", sections)} have {string.Join(", ", there.Take(10))}")}");
        }
    }

    private void CheckConnectors(string path)
    {
        foreach (var connector in _components.Where(component => component.Section == "connectors"))
        {
            var into = _pipelines.Exists(pipeline => pipeline.Exporters.Any(id => id.Text == connector.Id));
            var from = _pipelines.Exists(pipeline => pipeline.Receivers.Any(id => id.Text == connector.Id));
            if (into != from)
            {
                problems.Add(connector.Key, $"{path}.connectors.{connector.Id}", into
                    ? "is used as an exporter only; name it as a receiver of the pipeline that goes on with what it makes"
                    : "is used as a receiver only; name it as an exporter of the pipeline that feeds it");
            }
        }

        foreach (var pipeline in _pipelines)
        {
            if (CycleFrom(pipeline) is { } cycle)
            {
                problems.Add(pipeline.Key, $"{path}.service.pipelines.{pipeline.Id}", $"connectors lead in a circle: {string.Join(" → ", cycle)}; take one of them out");
                return;
            }
        }
    }

    /// <summary>Ids of pipelines and connectors from a pipeline back to itself.</summary>
    private List<string>? CycleFrom(CollectorPipeline start)
    {
        var way = new List<string> { start.Id };
        var seen = new HashSet<string>();
        return Walk(start) ? way : null;

        bool Walk(CollectorPipeline here)
        {
            foreach (var connector in here.Exporters.Where(id => _components.Exists(component => component.Section == "connectors" && component.Id == id.Text)))
            {
                foreach (var next in _pipelines.Where(pipeline => pipeline.Receivers.Any(id => id.Text == connector.Text)))
                {
                    if (SameSignal.Contains(connector.Text.Split('/')[0]) && next.Signal != here.Signal)
                    {
                        continue;
                    }

                    way.AddRange([connector.Text, next.Id]);
                    if (next == start || (seen.Add(next.Id) && Walk(next)))
                    {
                        return true;
                    }

                    way.RemoveRange(way.Count - 2, 2);
                }
            }

            return false;
        }
    }

    /// <summary>Extensions that components name inside their settings.</summary>
    private void CheckNames(string path)
    {
        foreach (var component in _components.Where(component => component.Config is not null))
        {
            foreach (var (name, value) in ComponentReferences.In(component.Config!))
            {
                if (name is "authenticator" or "storage" && ComponentId.IsValid(value.Text) && !_components.Exists(other => other.Section == "extensions" && other.Id == value.Text))
                {
                    problems.Add(value, $"{path}.{component.Section}.{component.Id}", $"{name} names an extension that is not defined; define it under extensions, and name it in service.extensions");
                }
            }
        }
    }

    private void CheckOrder(string path)
    {
        foreach (var pipeline in _pipelines)
        {
            var sorted = ProcessorOrder.Sort(pipeline.Processors, processor => processor.Text);
            if (!sorted.SequenceEqual(pipeline.Processors))
            {
                problems.Warn(pipeline.Key, $"{path}.service.pipelines.{pipeline.Id}.processors",
                    $"will run as {string.Join(", ", sorted.Select(processor => processor.Text))}; where the order written is meant, say processorOrder: asWritten in the spec");
            }
        }
    }
}
