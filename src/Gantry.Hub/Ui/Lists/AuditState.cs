using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Gantry.Hub.Ui.Lists;

/// <summary>What the audit page shows, as its URL says it. Pages go back by sequence and have no numbers: the log grows at its head, and its tail may be long.</summary>
/// <param name="List">Words to look for, and the view.</param>
/// <param name="Before">Only lines below this sequence; 0 for the newest.</param>
public sealed record AuditState(ListState List, long Before) : IListShape
{
    public const int PageSize = 50;

    private static readonly View[] Views =
    [
        new("resources", "Resources", "apply,delete"),
        new("agents", "Agents", "agent.attributes,agent.retry,agent.restart"),
        new("access", "Access", "token.create,token.revoke,token.rotate,token.replaced,enrol"),
        new("logins", "Logins", "login"),
        new("calls", "Other calls", "request"),
        new("refused", "Refused", "denied"),
    ];

    /// <summary>The newest first, and no other order: it is what happened.</summary>
    public IReadOnlyList<ColumnHead> Heads => [];

    public IReadOnlyList<ChipHead> ChipHeads => Views;

    /// <summary>What the API is asked for: words of the column "what", with commas between; "" for all.</summary>
    public string Whats => Views.FirstOrDefault(view => view.Key == List.Show)?.Whats ?? "";

    public static AuditState From(IQueryCollection query)
    {
        var state = new AuditState(new ListState(), 0);
        return new AuditState(
            ListState.From(query, state) with { Page = 1 },
            long.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : 0);
    }

    public string ToQuery()
    {
        var list = List.ToQuery();
        return Before == 0 ? list : $"{list}{(list.Length > 0 ? '&' : '?')}before={Before}";
    }

    public string ToApiQuery()
    {
        var query = new QueryBuilder { { "limit", $"{PageSize}" } };
        foreach (var (name, value) in new[] { ("what", Whats), ("about", List.Query), ("before", Before > 0 ? $"{Before}" : "") }.Where(item => item.Item2.Length > 0))
        {
            query.Add(name, value);
        }

        return query.ToString();
    }

    private sealed record View(string Key, string Title, string Whats) : ChipHead(Key, Title);
}
