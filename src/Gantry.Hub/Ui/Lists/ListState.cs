using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Gantry.Hub.Ui.Lists;

/// <summary>What a list shows. It lives in the URL and nowhere else: a default is left out, so that one view has one URL.</summary>
public sealed record ListState
{
    public const int MaxQueryLength = 200;

    /// <summary>Free text; every word of it must match.</summary>
    public string Query { get; init; } = "";

    /// <summary>Key of a <see cref="Chip{T}"/>; "" shows all.</summary>
    public string Show { get; init; } = "";

    /// <summary>Key of a column; "" is the list's own order.</summary>
    public string Sort { get; init; } = "";

    public bool Descending { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Reads a URL. What the list does not know (an old link, a typo) falls back to the default instead of failing.</summary>
    public static ListState From(IQueryCollection query, IListShape shape)
    {
        var text = query["q"].ToString().Trim();
        var sort = query["sort"].ToString();
        var show = query["show"].ToString();
        var known = shape.Heads.Any(head => head.Sortable && head.Key == sort);
        return new ListState
        {
            Query = text.Length > MaxQueryLength ? text[..MaxQueryLength] : text,
            Show = shape.ChipHeads.Any(chip => chip.Key == show) ? show : "",
            Sort = known ? sort : "",
            Descending = known && query["dir"] == "desc",
            Page = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
        };
    }

    public string ToQuery()
    {
        var query = new QueryBuilder();
        if (Query.Length > 0)
        {
            query.Add("q", Query);
        }

        if (Show.Length > 0)
        {
            query.Add("show", Show);
        }

        if (Sort.Length > 0)
        {
            query.Add("sort", Sort);
            if (Descending)
            {
                query.Add("dir", "desc");
            }
        }

        if (Page > 1)
        {
            query.Add("page", Page.ToString(CultureInfo.InvariantCulture));
        }

        return query.ToString();
    }
}
