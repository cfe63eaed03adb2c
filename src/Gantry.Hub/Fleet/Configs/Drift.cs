using Gantry.Estate.Configurations;
using Gantry.Estate.Secrets;
using Gantry.Protocol.OpAmp;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gantry.Hub.Fleet.Configs;

/// <summary>
/// Whether what an agent runs is what it should run. The same bytes are; else, of YAML and JSON, all that was wanted must be there with the same value:
/// agents add to it (a supervisor its own telemetry and extension), and show less of it (secrets redacted, references filled in).
/// </summary>
internal static class Drift
{
    private const int MostPaths = 20;

    private const int Deepest = 64;

    /// <returns>What differs, by path ("processors.batch.timeout"); empty when the agent runs what it should. At most twenty.</returns>
    public static IReadOnlyList<string> Compare(CompiledConfig wanted, AgentConfigMap effective)
    {
        if (wanted.Files.All(file => effective.Entries.Exists(entry => entry.Name == file.Name && entry.Config.Body.AsSpan().SequenceEqual(Redaction.Redact(file.Body, file.ContentType)))))
        {
            return [];
        }

        var trees = effective.Entries.Select(entry => Parse(entry.Config.Body)).OfType<YamlNode>().ToList();
        var paths = new List<string>();
        foreach (var file in wanted.Files)
        {
            if (Parse(file.Body.ToArray()) is not { } tree || trees.Count == 0)
            {
                paths.Add(file.Name.Length > 0 ? file.Name : "(file)");
                continue;
            }

            // Agents merge files, so where a wanted one went is for its content to say: the best of those there are.
            paths.AddRange(trees.Select(candidate => Differences(tree, candidate)).MinBy(found => found.Count)!);
        }

        return paths.Count > MostPaths ? paths.GetRange(0, MostPaths) : paths;
    }

    private static List<string> Differences(YamlNode wanted, YamlNode actual)
    {
        var paths = new List<string>();
        Walk(wanted, actual, "", paths);
        return paths;
    }

    private static void Walk(YamlNode wanted, YamlNode? actual, string path, List<string> paths)
    {
        switch (wanted, actual)
        {
            case (YamlMappingNode mapping, YamlMappingNode other):
                foreach (var (key, value) in mapping.Children)
                {
                    var name = key is YamlScalarNode scalar ? scalar.Value ?? "" : key.ToString();
                    other.Children.TryGetValue(key, out var found);
                    Walk(value, found, path.Length == 0 ? name : $"{path}.{name}", paths);
                }

                break;
            case (YamlSequenceNode list, YamlSequenceNode other) when list.Children.All(item => item is YamlScalarNode):
                // Agents add exporters and extensions of their own to lists.
                if (!list.Children.All(item => other.Children.Any(candidate => Same((YamlScalarNode)item, candidate))))
                {
                    paths.Add(path);
                }

                break;
            case (YamlSequenceNode list, YamlSequenceNode other):
                for (var i = 0; i < list.Children.Count; i++)
                {
                    Walk(list.Children[i], i < other.Children.Count ? other.Children[i] : null, $"{path}[{i}]", paths);
                }

                break;
            case (YamlScalarNode scalar, _) when Same(scalar, actual):
                break;
            case (YamlMappingNode { Children.Count: 0 } or YamlSequenceNode { Children.Count: 0 }, YamlScalarNode { Value: "" or "null" or "~" or null }):
                break;
            default:
                paths.Add(path);
                break;
        }
    }

    private static bool Same(YamlScalarNode wanted, YamlNode? actual)
    {
        if (wanted.Value is "" or "null" or "~" or null)
        {
            return actual is not YamlScalarNode { Value.Length: > 0 } other || other.Value is "null" or "~";
        }

        return actual is YamlScalarNode scalar
            && (scalar.Value == wanted.Value || wanted.Value.Contains("${", StringComparison.Ordinal) || scalar.Value?.Contains(SecretValues.Redacted, StringComparison.Ordinal) == true);
    }

    private static YamlNode? Parse(byte[] body)
    {
        try
        {
            if (IsDeep(body))
            {
                return null;
            }

            var stream = new YamlStream();
            using var reader = Read(body);
            stream.Load(new Parser(reader));
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : null;
        }
        catch (Exception error) when (error is YamlException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Asked before a tree is made: that takes a stack frame a level, and what an agent reports may be ten thousand brackets.</summary>
    private static bool IsDeep(byte[] body)
    {
        using var reader = Read(body);
        var parser = new Parser(reader);
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > Deepest)
            {
                return true;
            }
        }

        return false;
    }

    private static StreamReader Read(byte[] body) => new(new MemoryStream(body, writable: false));
}
