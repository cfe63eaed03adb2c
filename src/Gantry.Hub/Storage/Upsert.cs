namespace Gantry.Hub.Storage;

/// <summary>The statement that writes a row whether it is there or not. Parameters have the names of their columns: <c>$uid</c>.</summary>
internal static class Upsert
{
    /// <param name="key">Columns of the primary key, "gateway, edge".</param>
    /// <param name="columns">All others.</param>
    /// <param name="only">What a row that is there must satisfy to be replaced, "agent.sequence &lt; excluded.sequence"; "": always.</param>
    public static string Of(string table, string key, string columns, string only = "")
    {
        var all = $"{key}, {columns}";
        var set = string.Join(", ", columns.Split(", ").Select(column => $"{column} = excluded.{column}"));
        var values = string.Join(", ", all.Split(", ").Select(column => $"${column}"));
        return $"INSERT INTO {table} ({all}) VALUES ({values}) ON CONFLICT ({key}) DO UPDATE SET {set}{(only.Length > 0 ? $" WHERE {only}" : "")}";
    }
}
