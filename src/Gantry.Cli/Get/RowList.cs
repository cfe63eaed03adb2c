using System.Text.Json;
using Gantry.Cli.Terminals;

namespace Gantry.Cli.Get;

/// <summary>One of the API's lists on its way to stdout.</summary>
/// <param name="resource">"hosts", "services" or "agents".</param>
/// <param name="columns">Given the time that ages count from.</param>
/// <param name="empty">What an empty list means, and what to do.</param>
/// <param name="names">Properties that a person may call a row by, "caller.name" for one inside another. Null: id, name (services and hosts) and
/// hostName (agents).</param>
/// <param name="others">Further names of a row. Null: it has none.</param>
internal sealed class RowList<T>(
    string resource, Func<DateTimeOffset, IReadOnlyList<Column<T>>> columns, string empty, IReadOnlyList<string>? names = null, Func<T, IEnumerable<string>>? others = null)
{
    private readonly IReadOnlyList<string> _names = names ?? ["id", "name", "hostName"];

    public int Write(CliContext context, JsonElement list, string? name, string format)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new CommandFailure($"the hub's {resource} are no list; is --hub the address of a Gantry hub?");
        }

        var rows = list.EnumerateArray().Where(row => name is null || IsCalled(row, name)).ToList();
        if (rows.Count == 0 && name is not null)
        {
            throw new CommandFailure($"there is no '{Table.Clean(name)}' among the hub's {list.GetArrayLength()} {resource}; see `gantry get {resource}`");
        }

        if (format == OutputFormats.Json)
        {
            JsonText.WriteList(context.Terminal.Out, rows);
        }
        else if (rows.Count > 0)
        {
            var shown = columns(context.Time.GetUtcNow()).Where(column => format == OutputFormats.Wide || !column.Wide).ToList();
            Table.Write(context.Terminal.Out, shown, rows.ConvertAll(JsonText.Read<T>));
        }

        if (rows.Count == 0)
        {
            context.Terminal.Note(empty);
        }

        return ExitCodes.Ok;
    }

    private bool IsCalled(JsonElement row, string name) => _names.Any(path => Find(row, path) is { } value && Says(value, name)) || others?.Invoke(JsonText.Read<T>(row)).Contains(name) == true;

    private static bool Says(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(name),
        JsonValueKind.Number => value.GetRawText() == name,
        JsonValueKind.Array => value.EnumerateArray().Any(item => Says(item, name)),
        _ => false,
    };

    private static JsonElement? Find(JsonElement row, string path)
    {
        foreach (var property in path.Split('.'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(property, out row))
            {
                return null;
            }
        }

        return row;
    }
}
