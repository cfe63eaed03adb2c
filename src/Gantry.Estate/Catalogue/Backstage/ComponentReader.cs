using Gantry.Estate.Resources;

namespace Gantry.Estate.Catalogue.Backstage;

/// <summary>Reads one Component. Every field is either taken over, or told; a field that this knows nothing of is told too.</summary>
internal sealed class ComponentReader(MappingNode entity, string type, ResourceProblems problems, List<string> notes)
{
    private const string KubernetesId = "backstage.io/kubernetes-id";

    /// <summary>What says nothing about a running service: where the entity came from, and how Backstage shows it.</summary>
    private static readonly string[] Backstages =
        ["backstage.io/managed-by-location", "backstage.io/managed-by-origin-location", "backstage.io/orphan", "backstage.io/edit-url", "backstage.io/view-url", "backstage.io/source-location"];

    /// <summary>Fields of a spec and of metadata that a Service has no place for.</summary>
    private static readonly string[] Relations = ["subcomponentOf", "providesApis", "consumesApis", "dependsOn", "dependencyOf"];

    private readonly List<string> _lost = [];

    public ImportedService? Read()
    {
        var before = problems.All.Count;
        if (BackstageImport.Find(entity, "metadata") is not MappingNode metadata || BackstageImport.Text(metadata, "name") is not { Length: > 0 } original)
        {
            problems.Add(entity, "metadata.name", "is missing");
            return null;
        }

        var name = NameOf(original);
        if (!ResourceDocument.NamePattern().IsMatch(name))
        {
            problems.Add(BackstageImport.Find(metadata, "name")!, "metadata.name", "cannot be the name of a Service: expected up to 63 letters, digits, '-' and '.', beginning and ending with a letter or digit");
            return null;
        }

        var document = new ServiceText(name);
        Metadata(metadata, document);
        // What telemetry most probably calls it, where a resource cannot be called so.
        document.AddName(original);
        Spec(document);
        foreach (var (key, _) in entity.Fields.Where(field => field.Key.Text is not ("apiVersion" or "kind" or "metadata" or "spec")))
        {
            _lost.Add(key.Text);
        }

        if (_lost.Count > 0)
        {
            notes.Add($"{problems.File}:{entity.Line}: Component {original}: not taken over: {string.Join(", ", _lost)}");
        }

        return problems.All.Count == before ? new ImportedService(name, document.Write(), problems.File, entity.Line) : null;
    }

    /// <summary>Backstage allows capitals and '_'.</summary>
    private static string NameOf(string name) => name.ToLowerInvariant().Replace('_', '-');

    private void Metadata(MappingNode metadata, ServiceText document)
    {
        foreach (var (key, value) in metadata.Fields)
        {
            switch (key.Text)
            {
                case "name":
                    break;
                case "title":
                    document.Title = Short(value, "metadata.title");
                    break;
                case "namespace" when value is ScalarNode { Text: "default" or "" }:
                    break;
                case "namespace":
                    document.AddLabel("backstage-namespace", Short(value, "metadata.namespace"));
                    break;
                case "annotations" when value is MappingNode annotations:
                    Annotations(annotations, document);
                    break;
                case "links" when value is ListNode links:
                    Links(links, document);
                    break;
                // Comments are for people, and so is a description.
                case "description" when value is ScalarNode text:
                    document.Description = text.Text;
                    break;
                default:
                    _lost.Add($"metadata.{key.Text}");
                    break;
            }
        }
    }

    private void Annotations(MappingNode annotations, ServiceText document)
    {
        foreach (var (key, value) in annotations.Fields)
        {
            var (name, text) = (key.Text, value is ScalarNode scalar ? scalar.Text.Trim() : "");
            if (name == KubernetesId && text.Length > 0)
            {
                document.AddName(text);
            }
            else if (name.StartsWith(BackstageImport.Own, StringComparison.Ordinal))
            {
                OwnAnnotation(name[BackstageImport.Own.Length..], text, key, document);
            }
            else if (!Backstages.Contains(name))
            {
                _lost.Add($"annotation {name}");
            }
        }
    }

    private void OwnAnnotation(string name, string text, ScalarNode at, ServiceText document)
    {
        switch (name)
        {
            case "names":
                foreach (var further in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    document.AddName(further);
                }

                break;
            case "environment":
                document.Environment = text;
                break;
            case "namespace":
                document.Namespace = text;
                break;
            case "criticality" when ServiceReader.Criticalities.Contains(text):
                document.Criticality = text;
                break;
            case "criticality":
                problems.Add(at, $"metadata.annotations.{BackstageImport.Own}criticality", $"is '{text}'; expected {string.Join(", ", ServiceReader.Criticalities)}");
                break;
            default:
                problems.Add(at, "metadata.annotations", "is no annotation that Gantry knows; there are gantry/names, gantry/environment, gantry/namespace and gantry/criticality");
                break;
        }
    }

    private void Links(ListNode links, ServiceText document)
    {
        foreach (var link in links.Items)
        {
            var url = link is MappingNode mapping ? BackstageImport.Text(mapping, "url") : null;
            if (url is not null && ServiceReader.IsLink(url))
            {
                document.AddLink(BackstageImport.Text((MappingNode)link, "title") ?? "", url);
            }
            else
            {
                _lost.Add($"a link ({(url is null ? "without url" : "no http or https address")}) in line {link.Line}");
            }
        }
    }

    private void Spec(ServiceText document)
    {
        if (BackstageImport.Find(entity, "spec") is not MappingNode spec)
        {
            problems.Add(entity, "spec", "is missing");
            return;
        }

        document.AddLabel("backstage-type", type);
        foreach (var (key, value) in spec.Fields)
        {
            switch (key.Text)
            {
                case "type":
                    break;
                case "owner":
                    document.Owner = OwnerOf(Short(value, "spec.owner"));
                    break;
                case "lifecycle":
                    document.AddLabel("backstage-lifecycle", Short(value, "spec.lifecycle"));
                    break;
                case "system":
                    document.AddLabel("backstage-system", Reference(Short(value, "spec.system")));
                    break;
                default:
                    _lost.Add(Relations.Contains(key.Text) ? $"spec.{key.Text} (Gantry sees calls in telemetry)" : $"spec.{key.Text}");
                    break;
            }
        }
    }

    /// <summary>An entity reference, "[kind:][namespace/]name"; a group of the default namespace is its name alone.</summary>
    private static string OwnerOf(string reference)
    {
        var name = Reference(reference);
        return name.StartsWith("group:", StringComparison.OrdinalIgnoreCase) ? name["group:".Length..] : name;
    }

    private static string Reference(string reference) => reference.Replace(":default/", ":", StringComparison.OrdinalIgnoreCase) is var text && text.StartsWith("default/", StringComparison.OrdinalIgnoreCase) ? text["default/".Length..] : text;

    private string Short(Node value, string field)
    {
        if (value is ScalarNode scalar)
        {
            return scalar.IsNull ? "" : scalar.Text.Trim();
        }

        problems.Add(value, field, $"expected text, this is {value.Word}");
        return "";
    }
}
