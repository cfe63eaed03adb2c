using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Gantry.Testing;

/// <summary>New and empty state for a hub, on one of the engines; looked into and damaged behind the hub's back.</summary>
public abstract class TestState : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("gantry-hub-").FullName;

    /// <summary>As <see cref="Hub.HubOptions.Database"/>.</summary>
    public abstract string? Database { get; }

    /// <summary>From now on rows of this table cannot be written.</summary>
    public abstract void Break(string table);

    public abstract void Mend(string table);

    /// <returns>Rows touched.</returns>
    public int Sql(string sql)
    {
        using var connection = Open();
        using var command = Command(connection, sql);
        return command.ExecuteNonQuery();
    }

    public int[] Counts(params string[] tables)
    {
        using var connection = Open();
        return [.. tables.Select(table =>
        {
            using var command = Command(connection, $"SELECT count(*) FROM {table}");
            return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        })];
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract DbConnection Open();

    protected virtual void Dispose(bool disposing) => Directory.Delete(Folder, recursive: true);

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

public sealed class SqliteState : TestState
{
    public override string? Database => null;

    public override void Break(string table) => Sql($"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END");

    public override void Mend(string table) => Sql($"DROP TRIGGER full_{table}");

    protected override DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "hub.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}

public sealed class PostgresState : TestState
{
    public override string Database { get; } = PostgresServer.NewDatabase();

    public override void Break(string table) => Sql(
        $"""
        CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
        CREATE TRIGGER disk_full BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION disk_full();
        """);

    public override void Mend(string table) => Sql($"DROP TRIGGER disk_full ON {table}");

    protected override DbConnection Open()
    {
        var connection = new NpgsqlConnection(Database);
        connection.Open();
        return connection;
    }

    protected override void Dispose(bool disposing)
    {
        PostgresServer.Drop(Database);
        base.Dispose(disposing);
    }
}
