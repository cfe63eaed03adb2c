using System.Data.Common;

namespace Gantry.Hub.Storage;

/// <summary>The database, while its tables are brought to this version.</summary>
internal sealed class SchemaChange(DbConnection connection, StorageEngine engine)
{
    public DbConnection Connection => connection;

    public bool IsSqlite => engine is SqliteEngine;

    /// <summary>Statements in the house's words; see <see cref="StorageEngine.Ddl"/>.</summary>
    public void Run(string ddl) => HubDatabase.Run(connection, engine.Ddl(ddl));

    /// <summary>The first column of the first row as a number; 0 without a row.</summary>
    public long Number(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = HubDatabase.Command(connection, sql, parameters);
        return Convert.ToInt64(command.ExecuteScalar() ?? 0L, System.Globalization.CultureInfo.InvariantCulture);
    }

    public void AddColumn(string table, string column, string declaration)
    {
        if (IsSqlite && Number("SELECT count(*) FROM pragma_table_info($table) WHERE name = $column", ("$table", table), ("$column", column)) > 0)
        {
            return;
        }

        Run($"ALTER TABLE {table} ADD COLUMN {(IsSqlite ? "" : "IF NOT EXISTS ")}{column} {declaration}");
    }
}
