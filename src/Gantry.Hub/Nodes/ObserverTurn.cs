using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Nodes;

/// <summary>
/// A transaction of the node that observes. Nodes take turns, and one that comes late, because another holds the lease by now, gets none: so nobody writes over
/// what its successor wrote. Undone when it is disposed of without <see cref="Commit"/>.
/// </summary>
internal sealed class ObserverTurn : IDisposable
{
    private readonly DbTransaction _transaction;

    private ObserverTurn(DbConnection connection, DbTransaction transaction)
    {
        Connection = connection;
        _transaction = transaction;
    }

    public DbConnection Connection { get; }

    /// <summary>Null when another node observes. Others wait for its end, so what takes long is worked out before.</summary>
    /// <exception cref="DbException">The database is away.</exception>
    public static ObserverTurn? Take(HubDatabase database, Node node)
    {
        if (!node.Observes)
        {
            return null;
        }

        var connection = database.Open();
        try
        {
            var transaction = connection.BeginTransaction();
            database.Engine.OneAtATime(connection, WriteBehind.Turn);
            if (!node.IsShared || NodeTable.Holder(connection) == node.Id)
            {
                return new ObserverTurn(connection, transaction);
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        // Undoes its transaction, too.
        connection.Dispose();
        return null;
    }

    public void Commit() => _transaction.Commit();

    public void Dispose()
    {
        _transaction.Dispose();
        Connection.Dispose();
    }
}
