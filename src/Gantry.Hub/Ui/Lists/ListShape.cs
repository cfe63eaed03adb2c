using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gantry.Estate.Use;

namespace Gantry.Hub.Ui.Lists;

/// <summary>The head of a column.</summary>
/// <param name="Css">"num" for numbers; "wide" and "wider" give way on narrow screens.</param>
public record ColumnHead(string Key, string Title, bool Sortable, bool DescendingFirst, string Css, MetricDefinition? Definition);

/// <summary>A column: its order is that of <paramref name="Text"/> or <paramref name="Number"/>, whichever is there.</summary>
public sealed record Column<T>(
    string Key,
    string Title,
    Func<T, string>? Text = null,
    Func<T, double?>? Number = null,
    bool DescendingFirst = false,
    string Css = "",
    MetricDefinition? Definition = null)
    : ColumnHead(Key, Title, Text is not null || Number is not null, DescendingFirst, Css, Definition);

public record ChipHead(string Key, string Title)
{
    /// <summary>What it holds, for whoever wonders; null where the title says it.</summary>
    public string? Meaning { get; init; }
}

/// <summary>A one-click filter.</summary>
public sealed record Chip<T>(string Key, string Title, Func<T, bool> Holds) : ChipHead(Key, Title);

/// <summary>What reading a URL needs to know of a list.</summary>
public interface IListShape
{
    IReadOnlyList<ColumnHead> Heads { get; }

    IReadOnlyList<ChipHead> ChipHeads { get; }
}

/// <param name="Total">All rows there are.</param>
/// <param name="Searched">Rows that match the text, whichever chip is chosen.</param>
/// <param name="Matching">Rows that match the text and the chip.</param>
/// <param name="ChipCounts">By chip: rows that match the text and this chip.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Rows, int Total, int Searched, int Matching, IReadOnlyList<int> ChipCounts, int Page, int Pages, int Skipped);

/// <summary>How a list is searched, filtered, sorted and paged on the server.</summary>
/// <remarks>
/// A page of 50 out of 100,000 rows is one walk along an order that is made once for each column and snapshot. The orders hang on the
/// snapshot's own list and go away with it.
/// </remarks>
public sealed class ListShape<T>(
    IReadOnlyList<Column<T>> columns,
    IReadOnlyList<Chip<T>> chips,
    Func<T, string, bool> matches,
    Func<T, string> name) : IListShape
    where T : class
{
    public const int PageSize = 50;

    private readonly ConditionalWeakTable<IReadOnlyList<T>, ConcurrentDictionary<string, SortedRows>> _orders = [];

    public IReadOnlyList<ColumnHead> Heads => columns;

    public IReadOnlyList<ChipHead> ChipHeads => chips;

    public ListPage<T> Read(IReadOnlyList<T> rows, ListState state)
    {
        var words = state.Query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var chosen = chips.FirstOrDefault(chip => chip.Key == state.Show);
        var counts = new int[chips.Count];
        var first = (state.Page - 1L) * PageSize;
        var page = new List<T>(PageSize);
        var searched = 0;
        var matching = 0;
        foreach (var row in Ordered(rows, state))
        {
            if (!MatchesAll(row, words))
            {
                continue;
            }

            searched++;
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += chips[i].Holds(row) ? 1 : 0;
            }

            if (chosen is null || chosen.Holds(row))
            {
                if (matching >= first && page.Count < PageSize)
                {
                    page.Add(row);
                }

                matching++;
            }
        }

        var pages = Math.Max(1, (matching + PageSize - 1) / PageSize);
        return state.Page > pages
            ? Read(rows, state with { Page = pages })
            : new ListPage<T>(page, rows.Count, searched, matching, counts, state.Page, pages, (int)first);
    }

    private bool MatchesAll(T row, string[] words)
    {
        foreach (var word in words)
        {
            if (!matches(row, word))
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<T> Ordered(IReadOnlyList<T> rows, ListState state)
    {
        var column = columns.FirstOrDefault(column => column.Sortable && column.Key == state.Sort) ?? columns[0];
        var order = _orders.GetOrCreateValue(rows).GetOrAdd(column.Key, _ => Sort(rows, column));
        return state.Descending ? order.Descending() : order.Ascending();
    }

    private SortedRows Sort(IReadOnlyList<T> rows, Column<T> column)
    {
        var known = new List<(double Number, string Text, string Name, T Row)>(rows.Count);
        var unknown = new List<T>();
        foreach (var row in rows)
        {
            var number = column.Number?.Invoke(row);
            var text = column.Text?.Invoke(row) ?? "";
            if (column.Number is null ? text.Length > 0 : number is { } value && !double.IsNaN(value))
            {
                known.Add((number ?? 0, text, name(row), row));
            }
            else
            {
                unknown.Add(row);
            }
        }

        known.Sort(static (left, right) =>
        {
            var order = left.Number.CompareTo(right.Number);
            order = order != 0 ? order : string.Compare(left.Text, right.Text, StringComparison.OrdinalIgnoreCase);
            return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
        });
        return new SortedRows([.. known.Select(static item => item.Row)], [.. unknown]);
    }

    /// <param name="Known">Ascending.</param>
    /// <param name="Unknown">Rows without a value, which come last in both directions: nobody sorts to see blanks.</param>
    private sealed record SortedRows(T[] Known, T[] Unknown)
    {
        public IEnumerable<T> Ascending() => Known.Concat(Unknown);

        public IEnumerable<T> Descending()
        {
            for (var i = Known.Length - 1; i >= 0; i--)
            {
                yield return Known[i];
            }

            foreach (var row in Unknown)
            {
                yield return row;
            }
        }
    }
}
