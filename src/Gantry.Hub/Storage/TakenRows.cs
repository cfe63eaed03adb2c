using Microsoft.Data.Sqlite;

namespace Gantry.Hub.Storage;

/// <summary>What one flush took out of memory: how to write it, and how to mark it as not written when the transaction did not commit.</summary>
internal sealed class TakenRows
{
    private readonly List<Action<SqliteConnection>> _writes = [];
    private readonly List<Action> _undo = [];

    public void Add(Action<SqliteConnection> write) => _writes.Add(write);

    public void OnFailure(Action undo) => _undo.Add(undo);

    public void Write(SqliteConnection connection)
    {
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
}
