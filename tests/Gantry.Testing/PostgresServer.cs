using System.Diagnostics;
using Npgsql;

namespace Gantry.Testing;

/// <summary>A real PostgreSQL that the tests of this process share, each with a database of its own. It ends with this process, however that ends.</summary>
public static class PostgresServer
{
    private static readonly Lazy<(Process Keeper, string Connection)> Server = new(Start);

    private static int _databases;

    /// <summary>A new and empty database.</summary>
    /// <returns>Its connection string.</returns>
    public static string NewDatabase()
    {
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        Run("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Connections to it are cut.</summary>
    public static void Drop(string connectionString) =>
        Run("postgres", $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    public static string ConnectionString(string database) => $"{Server.Value.Connection};Database={database}";

    private static void Run(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // Constants of tests.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static (Process, string) Start()
    {
        // Its standard input ends with this process: that is what stops the server.
        var keeper = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "eng", "postgres-for-tests"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var line = keeper.StandardOutput.ReadLine() ?? throw new InvalidOperationException("eng/postgres-for-tests did not start a PostgreSQL; it says why on stderr");
        return (keeper, line);
    }
}
