using Gantry.Hub.Fleet.Views;

namespace Gantry.Hub.Ui.Pages;

/// <param name="Name">Within its parent; "" for the agent itself.</param>
public sealed record ComponentNode(string Name, ComponentRow Row, IReadOnlyList<ComponentNode> Parts);

/// <summary>Paths to a tree again. They came from a peer: what is nested deeper than a tree can be read is shown flat.</summary>
internal static class ComponentTree
{
    private const int Deepest = 8;

    private const int MostSlashes = 40;

    public static IReadOnlyList<ComponentNode> Of(IReadOnlyList<ComponentRow> rows)
    {
        rows = [.. rows.DistinctBy(row => row.Path)];
        var paths = rows.Select(row => row.Path).ToHashSet();
        var parts = rows.Where(row => row.Path.Length > 0).ToLookup(row => ParentOf(row.Path, paths));
        var roots = paths.Contains("") ? rows.Where(row => row.Path.Length == 0) : parts[""];
        return [.. Sorted(roots).Select(row => Node(row, "", parts, 1))];
    }

    private static ComponentNode Node(ComponentRow row, string parent, ILookup<string, ComponentRow> parts, int depth)
    {
        var name = parent.Length == 0 ? row.Path : row.Path[(parent.Length + 1)..];
        return new ComponentNode(name, row, depth < Deepest
            ? [.. Sorted(parts[row.Path]).Select(part => Node(part, row.Path, parts, depth + 1))]
            : [.. Below(row.Path, parts).Select(part => new ComponentNode(part.Path[(row.Path.Length + 1)..], part, []))]);
    }

    private static List<ComponentRow> Below(string path, ILookup<string, ComponentRow> parts)
    {
        var below = new List<ComponentRow>(parts[path]);
        for (var i = 0; i < below.Count; i++)
        {
            below.AddRange(parts[below[i].Path]);
        }

        return below;
    }

    /// <summary>A name may hold slashes itself ("otlp/2"), so the parent is the longest path that there is.</summary>
    private static string ParentOf(string path, HashSet<string> paths)
    {
        var at = path.LastIndexOf('/');
        for (var tried = 0; at > 0 && tried < MostSlashes; tried++)
        {
            if (paths.Contains(path[..at]))
            {
                return path[..at];
            }

            at = path.LastIndexOf('/', at - 1);
        }

        return "";
    }

    private static IEnumerable<ComponentRow> Sorted(IEnumerable<ComponentRow> rows) => rows.OrderBy(row => row.Healthy).ThenBy(row => row.Path, StringComparer.Ordinal);
}
