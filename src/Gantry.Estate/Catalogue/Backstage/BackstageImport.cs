using Gantry.Estate.Resources;

namespace Gantry.Estate.Catalogue.Backstage;

/// <summary>
/// Turns entities of a Backstage catalogue (<c>catalog-info.yaml</c>; backstage.io, Descriptor Format of Catalog Entities) into <c>Service</c> documents. A Component
/// that runs becomes one; what is no Component is counted, and each thing that a Service has no place for is told. Entities of several files are added to one
/// import, so that two of one name are noticed.
/// </summary>
public sealed class BackstageImport
{
    /// <summary>In front of the annotations that say what Backstage has no field for: gantry/names, gantry/environment, gantry/namespace, gantry/criticality.</summary>
    public const string Own = "gantry/";

    /// <summary>Components that nobody calls.</summary>
    private static readonly string[] NotRunning = ["library", "documentation"];

    private readonly List<ImportedService> _services = [];
    private readonly List<string> _notes = [];
    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were read.</summary>
    public IReadOnlyList<ImportedService> Services => _services;

    /// <summary>What was not taken over of those that were: one line each, with file and line.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What became no Service, by kind ("Group", "Component of type library").</summary>
    public IReadOnlyDictionary<string, int> Skipped => _skipped;

    /// <summary>Adds one document of a file; what is wrong with it becomes a problem.</summary>
    public void Add(Node root, ResourceProblems problems)
    {
        if (root is not MappingNode entity)
        {
            problems.Add(root, "", $"expected an entity (apiVersion, kind, metadata, spec), this is {root.Word}");
            return;
        }

        var (version, kind) = (Text(entity, "apiVersion"), Text(entity, "kind"));
        if (version is null || !version.StartsWith("backstage.io/", StringComparison.Ordinal))
        {
            problems.Add(Find(entity, "apiVersion") ?? entity, "apiVersion", "expected backstage.io/v1alpha1 or backstage.io/v1beta1; a Gantry document is for `gantry apply`");
            return;
        }

        if (string.IsNullOrEmpty(kind))
        {
            problems.Add(entity, "kind", "is missing");
            return;
        }

        var type = Find(entity, "spec") is MappingNode spec ? Text(spec, "type") ?? "" : "";
        if (!kind.Equals("Component", StringComparison.OrdinalIgnoreCase))
        {
            Skip(kind);
        }
        else if (NotRunning.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            Skip($"Component of type {type.ToLowerInvariant()}");
        }
        else if (new ComponentReader(entity, type, problems, _notes).Read() is { } service)
        {
            Take(service, problems);
        }
    }

    private void Take(ImportedService service, ResourceProblems problems)
    {
        if (_services.Find(other => other.Name == service.Name) is { } twice)
        {
            problems.Add(service.Line, 1, "metadata.name", service.Name, $"would be the Service of {twice.File}:{twice.Line} too; names are lower case here, and without Backstage's namespace: rename one of the two");
            return;
        }

        _services.Add(service);
    }

    private void Skip(string what) => _skipped[what] = _skipped.GetValueOrDefault(what) + 1;

    internal static Node? Find(MappingNode mapping, string name) => mapping.Fields.FirstOrDefault(field => field.Key.Text == name)?.Value;

    /// <summary>Null where it is not there or is no scalar.</summary>
    internal static string? Text(MappingNode mapping, string name) => Find(mapping, name) is ScalarNode { IsNull: false } scalar ? scalar.Text.Trim() : null;
}

/// <summary>A Service document made of an entity.</summary>
/// <param name="Document">YAML, ready for `gantry apply`.</param>
/// <param name="Line">Where the entity begins in its file.</param>
public sealed record ImportedService(string Name, string Document, string File, int Line);
