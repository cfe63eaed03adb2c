using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Gantry.Hub.Storage;

/// <summary>The hub's SQLite file, its schema, and small helpers. One writer (the write-behind loop), any number of readers.</summary>
internal sealed class HubDatabase
{
    private const int SchemaVersion = 5;

    // What a new file begins with; Steps bring it, as any older one, to SchemaVersion.
    private const int FirstVersion = 2;

    private static readonly (int To, Action<SqliteConnection> Step)[] Steps = [(2, RenameServices), (3, AddDeclared), (4, EdgeSchema.Add), (5, AddOwners)];

    // State that changes as a whole is one blob a row; series have a row an interval. Times are Unix milliseconds, slots are interval numbers.
    private const string Schema = """
        CREATE TABLE agent (uid TEXT PRIMARY KEY, message BLOB NOT NULL, last_seen INTEGER NOT NULL, transport TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE inventory (host TEXT PRIMARY KEY, agent TEXT NOT NULL, message BLOB NOT NULL, received INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE host (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE service (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE edge (caller TEXT NOT NULL, callee TEXT NOT NULL, last_seen INTEGER NOT NULL, PRIMARY KEY (caller, callee)) WITHOUT ROWID;
        CREATE TABLE gateway (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, last_seen INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE red_total (gateway TEXT NOT NULL, service TEXT NOT NULL, operation TEXT NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,
            source INTEGER NOT NULL, calls INTEGER NOT NULL, buckets BLOB NOT NULL,
            PRIMARY KEY (gateway, service, operation, kind, status, source)) WITHOUT ROWID;
        CREATE TABLE red_slot (service TEXT NOT NULL, source INTEGER NOT NULL, slot INTEGER NOT NULL, calls INTEGER NOT NULL, errors INTEGER NOT NULL,
            buckets BLOB NOT NULL, PRIMARY KEY (service, source, slot)) WITHOUT ROWID;
        CREATE TABLE operation_slot (service TEXT NOT NULL, operation TEXT NOT NULL, kind INTEGER NOT NULL, source INTEGER NOT NULL, slot INTEGER NOT NULL,
            calls INTEGER NOT NULL, errors INTEGER NOT NULL, buckets BLOB NOT NULL, PRIMARY KEY (service, operation, kind, source, slot)) WITHOUT ROWID;
        CREATE TABLE use_point (host TEXT NOT NULL, at INTEGER NOT NULL, point TEXT NOT NULL, PRIMARY KEY (host, at)) WITHOUT ROWID;
        """;

    /// <summary>Schema 3: what is declared.</summary>
    private const string Declared = Estate.ResourceTable.Schema + Sampling.RevisionTable.Schema;

    private readonly string _connectionString;
    private readonly string _durableConnectionString;

    /// <exception cref="HubStorageException">The folder or file cannot be used; the message says which and why.</exception>
    public HubDatabase(HubOptions options)
    {
        var path = System.IO.Path.Combine(options.DataFolder, "hub.db");
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5 }.ToString();
        _durableConnectionString = new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString();
        try
        {
            Directory.CreateDirectory(options.DataFolder);
            using var connection = Open();
            Prepare(connection, path);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new HubStorageException($"data folder {options.DataFolder}: cannot be used ({exception.Message}); choose another with --data", exception);
        }
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>For what must be on disk when it is acknowledged, also after a power cut: a commit waits for the disk. A connection of its own, because the
    /// setting would stay with a pooled one.</summary>
    public SqliteConnection OpenDurable()
    {
        var connection = new SqliteConnection(_durableConnectionString);
        connection.Open();
        Run(connection, "PRAGMA synchronous = FULL");
        return connection;
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        // Statements are constants of this room; values always travel as parameters.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    public static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    /// <summary>Schema 1 had shorter ids: they are made anew from the keys, in every table that names a service.</summary>
    private static void RenameServices(SqliteConnection connection)
    {
        var services = new List<(string Before, string Id)>();
        using (var command = Command(connection, "SELECT id, state FROM service"))
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                services.Add((reader.GetString(0), JsonSerializer.Deserialize<StoredService>(reader.GetString(1))!.Key.Id));
            }
        }

        foreach (var (before, id) in services)
        {
            Run(
                connection,
                """
                UPDATE service SET id = $id WHERE id = $before;
                UPDATE edge SET caller = $id WHERE caller = $before;
                UPDATE edge SET callee = $id WHERE callee = $before;
                UPDATE red_total SET service = $id WHERE service = $before;
                UPDATE red_slot SET service = $id WHERE service = $before;
                UPDATE operation_slot SET service = $id WHERE service = $before;
                """,
                ("$id", id), ("$before", before));
        }
    }

    private static void AddDeclared(SqliteConnection connection) => Run(connection, Declared);

    private static void AddOwners(SqliteConnection connection) =>
        Run(connection, Estate.ResourceTable.AddOwner + Estate.ResourceRevisionTable.Schema + Rollouts.ConfigRevisionTable.Schema);

    private static void Prepare(SqliteConnection connection, string path)
    {
        // WAL: readers never wait for the writer. NORMAL: a power cut may cost the last write-behind, never the file.
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
        using var ask = Command(connection, "PRAGMA user_version");
        var version = Convert.ToInt32(ask.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (version is >= 0 and < SchemaVersion)
        {
            using var transaction = connection.BeginTransaction();
            if (version == 0)
            {
                Run(connection, Schema);
                version = FirstVersion;
            }

            foreach (var (_, step) in Steps.Where(step => step.To > version))
            {
                step(connection);
            }

            Run(connection, $"PRAGMA user_version = {SchemaVersion};");
            transaction.Commit();
        }
        else if (version != SchemaVersion)
        {
            throw new HubStorageException($"{path} was written by another version of Gantry (schema {version}, this one knows {SchemaVersion}); use that version or another --data folder");
        }
    }
}

/// <summary>The data folder cannot be used. The message is for the person who started the hub.</summary>
public sealed class HubStorageException(string message, Exception? inner = null) : Exception(message, inner);
