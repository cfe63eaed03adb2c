using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Whom a service calls, or who calls it: how often, how well, and how that is known.</summary>
public sealed partial class EdgeTable
{
    private const int MaxRows = 50;

    [Parameter, EditorRequired]
    public IReadOnlyList<EdgeRow> Rows { get; set; } = [];

    /// <summary>The other end is the caller.</summary>
    [Parameter]
    public bool Callers { get; set; }

    /// <summary>Name of the service whose page it is.</summary>
    [Parameter, EditorRequired]
    public string Service { get; set; } = "";

    [Parameter, EditorRequired]
    public string None { get; set; } = "";

    /// <summary>Who is at the other end of a queue, by the queue's id.</summary>
    [Parameter]
    public ILookup<string, string> Beyond { get; set; } = Enumerable.Empty<(string, string)>().ToLookup(item => item.Item1, item => item.Item2);

    private EdgeNode Node(EdgeRow row) => Callers ? row.Caller : row.Callee;

    private string Under(EdgeRow row)
    {
        var node = Node(row);
        var names = Beyond[node.Id].Order(StringComparer.Ordinal).ToList();
        var told = string.Join(", ", row.Told.Where(text => !node.Name.EndsWith(text, StringComparison.Ordinal)));
        return names.Count == 0 ? told : $"{(Callers ? "written by" : "read by")} {string.Join(", ", names)}";
    }

    private static string Joined(EdgeRow row) => row.JoinedBy.Length > 0 ? row.JoinedBy : $"Open: {row.Open}";

    private static string Candidates(EdgeRow row) => row.Candidates.Count == 0 ? "" : $"It may be {string.Join(" or ", row.Candidates)}. ";
}
