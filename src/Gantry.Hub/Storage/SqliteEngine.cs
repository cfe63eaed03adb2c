using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Gantry.Hub.Storage;

/// <summary>One file in the data folder, of one hub process. One writer at a time, any number of readers.</summary>
internal sealed class SqliteEngine : StorageEngine
{
    private readonly string _folder;
    private readonly string _connectionString;
    private readonly string _durableConnectionString;

    public SqliteEngine(string folder)
    {
        _folder = folder;
        Place = Path.Combine(folder, "hub.db");
        _connectionString = new SqliteConnectionStringBuilder { DataSource = Place, DefaultTimeout = 5 }.ToString();
        _durableConnectionString = new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString();
    }

    public override string Place { get; }

    public override bool IsShared => false;

    public override DbConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    /// <inheritdoc/>
    /// <remarks>A connection of its own, because the setting would stay with a pooled one.</remarks>
    public override DbConnection OpenDurable()
    {
        var connection = new SqliteConnection(_durableConnectionString);
        connection.Open();
        HubDatabase.Run(connection, "PRAGMA synchronous = FULL");
        return connection;
    }

    // WAL: readers never wait for the writer. NORMAL: a power cut may cost the last write-behind, never the file.
    public override void Check(DbConnection connection)
    {
        Protect();
        HubDatabase.Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    }

    /// <summary>Hashes of tokens and the key of the hub's authority are in it. SQLite gives the files that it puts beside it the same rights.</summary>
    private void Protect()
    {
        foreach (var file in (ReadOnlySpan<string>)[Place, Place + "-wal", Place + "-shm"])
        {
            if (!OperatingSystem.IsWindows() && File.Exists(file))
            {
                try
                {
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }
                catch (UnauthorizedAccessException)
                {
                    // It belongs to somebody else, who has decided who may read it.
                }
            }
        }
    }

    public override string Ddl(string sql) => sql;

    public override void OneAtATime(DbConnection connection, string what)
    {
        // A transaction that writes is alone already.
    }

    public override HubStorageException Explain(Exception exception) =>
        new($"data folder {_folder}: cannot be used ({exception.Message}); choose another with --data", exception);

    public override void Close() => SqliteConnection.ClearAllPools();
}
