using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>Gathers where each setting of a configuration comes from.</summary>
internal sealed class OriginList
{
    private readonly List<ConfigOrigin> _origins = [];

    public IReadOnlyList<ConfigOrigin> All => _origins;

    public void Add(string path, string resource, int line) => _origins.Add(new ConfigOrigin(path, resource, line));

    /// <summary>A node and everything in it, written by one resource.</summary>
    public void AddAll(string path, Node? node, string resource, int line)
    {
        Add(path, resource, node is { Line: > 0 } ? node.Line : line);
        AddInside(path, node, resource, line);
    }

    private void AddInside(string path, Node? node, string resource, int line)
    {
        switch (node)
        {
            case MappingNode mapping:
                foreach (var (key, value) in mapping.Fields)
                {
                    Add($"{path}.{key.Text}", resource, key.Line > 0 ? key.Line : line);
                    AddInside($"{path}.{key.Text}", value, resource, line);
                }

                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    AddAll($"{path}[{i}]", list.Items[i], resource, line);
                }

                break;
        }
    }
}
