using Gantry.Estate.Pipelines;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Guardrails;

/// <summary>Of one state of the estate: which enabled pipelines listen where, are called what, and use which.</summary>
internal sealed class PipelineFacts
{
    private readonly List<Pipeline> _pipelines;
    private readonly ILookup<string, Pipeline> _ports;
    private readonly ILookup<string, Pipeline> _modules;
    private readonly ILookup<string, Pipeline> _users;

    public PipelineFacts(EstateContent content)
    {
        _pipelines = [.. content.OfKind(PipelineReader.Kind).Select(resource => resource.Document?.Model).OfType<Pipeline>().Where(pipeline => pipeline.Enabled)];
        _ports = _pipelines.SelectMany(pipeline => (pipeline.Contents as CollectorContents)?.Config.Ports.Select(port => (Port: port.ToString(), Pipeline: pipeline)) ?? [])
            .ToLookup(item => item.Port, item => item.Pipeline);
        _modules = _pipelines.Where(pipeline => pipeline.Type == PipelineType.Alloy).ToLookup(pipeline => pipeline.ModuleName);
        _users = _pipelines.SelectMany(pipeline => ConfigCache.DestinationNames(pipeline.Contents).Distinct().Select(name => (Name: name, Pipeline: pipeline)))
            .ToLookup(item => item.Name, item => item.Pipeline);
    }

    public IEnumerable<Pipeline> OnPort(ListenPort port) => _ports[port.ToString()];

    public IEnumerable<Pipeline> OfModule(string module) => _modules[module];

    /// <summary>An Alloy pipeline by its name, or by the one that people know it by.</summary>
    public Pipeline? Called(string name) => _pipelines.Find(pipeline => pipeline.Type == PipelineType.Alloy && pipeline.Name == name)
        ?? _pipelines.Find(pipeline => pipeline.Type == PipelineType.Alloy && pipeline.DisplayName == name);

    public IReadOnlyList<Pipeline> UsersOf(string destination) => [.. _users[destination]];

    public IReadOnlyList<Pipeline> ReadersOf(Pipeline source) =>
        [.. _pipelines.Where(pipeline => pipeline.Contents is AlloyContents alloy && alloy.Uses.Imports.Any(import => import.Pipeline == source.Name || import.Pipeline == source.DisplayName))];
}
