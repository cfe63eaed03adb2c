using System.Text.Json;
using Gantry.Cli.Terminals;

namespace Gantry.Cli.Get;

/// <summary>One of the API's lists on its way to stdout.</summary>
/// <param name="resource">"hosts", "services" or "agents".</param>
/// <param name="columns">Given the time that ages count from.</param>
/// <param name="empty">What an empty list means, and what to do.</param>
internal sealed class RowList<T>(string resource, Func<DateTimeOffset, IReadOnlyList<Column<T>>> columns, string empty)
{
    // What a person may call a row by: a service or host has a name, an agent the host that it runs on.
    private static readonly string[] NameProperties = ["id", "name", "hostName"];

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

    private static bool IsCalled(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && NameProperties.Any(property =>
            row.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(name));
}
