using System.Data.Common;
using Npgsql;

namespace Gantry.Hub.Storage;

/// <summary>What one flush took out of memory: how to write it, and how to mark it as not written when the transaction did not commit.</summary>
internal sealed class TakenRows
{
    /// <summary>To a server, that many statements go in one round trip.</summary>
    private const int Together = 200;

    private readonly List<(string Sql, (string Name, object Value)[] Values)> _statements = [];
    private readonly List<Action<DbConnection>> _writes = [];
    private readonly List<Action> _undo = [];

    public int Count => _statements.Count + _writes.Count;

    public void Add(string sql, params (string Name, object Value)[] values) => _statements.Add((sql, values));

    public void Add(Action<DbConnection> write) => _writes.Add(write);

    public void OnFailure(Action undo) => _undo.Add(undo);

    public void Write(DbConnection connection)
    {
        if (connection is NpgsqlConnection server)
        {
            foreach (var some in _statements.Chunk(Together))
            {
                WriteTogether(server, some);
            }
        }
        else
        {
            foreach (var (sql, values) in _statements)
            {
                HubDatabase.Run(connection, sql, values);
            }
        }

        foreach (var write in _writes)
        {
            write(connection);
        }
    }

    public void GiveBack_NeedsLock()
    {
        foreach (var undo in _undo)
        {
            undo();
        }
    }

    private static void WriteTogether(NpgsqlConnection connection, (string Sql, (string Name, object Value)[] Values)[] statements)
    {
        using var batch = new NpgsqlBatch(connection);
        foreach (var (sql, values) in statements)
        {
            var command = new NpgsqlBatchCommand(PostgresWords.Sql(sql));
            foreach (var (name, value) in values)
            {
                command.Parameters.Add(new NpgsqlParameter(name[1..], PostgresWords.Value(value)));
            }

            batch.BatchCommands.Add(command);
        }

        batch.ExecuteNonQuery();
    }
}
