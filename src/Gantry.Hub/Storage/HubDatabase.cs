using System.Data.Common;
using Npgsql;

namespace Gantry.Hub.Storage;

/// <summary>The hub's state: a SQLite file, or a PostgreSQL that several nodes share. Opens connections, and has the small helpers of all statements.</summary>
internal sealed class HubDatabase
{
    /// <exception cref="HubStorageException">The folder, file or server cannot be used; the message says which and why.</exception>
    public HubDatabase(HubOptions options)
    {
        Engine = options.Database is { Length: > 0 } database ? new PostgresEngine(database) : new SqliteEngine(options.DataFolder);
        try
        {
            if (!Engine.IsShared)
            {
                Directory.CreateDirectory(options.DataFolder);
            }

            using var connection = Open();
            Engine.Check(connection);
            Migrations.Run(connection, Engine);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw Engine.Explain(exception);
        }
    }

    public StorageEngine Engine { get; }

    public DbConnection Open() => Engine.Open();

    /// <inheritdoc cref="StorageEngine.OpenDurable"/>
    public DbConnection OpenDurable() => Engine.OpenDurable();

    /// <param name="sql">The house's SQL, see <see cref="StorageEngine"/>.</param>
    public static DbCommand Command(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        var postgres = connection is NpgsqlConnection;
        // Statements are constants of this part; values always travel as parameters.
#pragma warning disable CA2100
        command.CommandText = postgres ? PostgresWords.Sql(sql) : sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = postgres ? name[1..] : name;
            parameter.Value = postgres ? PostgresWords.Value(value) : value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <returns>How many rows it touched.</returns>
    public static int Run(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }
}

/// <summary>The state cannot be used. The message is for the person who started the hub.</summary>
public sealed class HubStorageException(string message, Exception? inner = null) : Exception(message, inner);
