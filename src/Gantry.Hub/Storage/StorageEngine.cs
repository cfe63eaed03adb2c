using System.Data.Common;

namespace Gantry.Hub.Storage;

/// <summary>
/// What the two engines do differently; everything else is one SQL for both, over System.Data.Common. House rules of that SQL: parameters are <c>$name</c>;
/// values are text, whole numbers and blobs (times are Unix milliseconds, truth is 0 or 1); rows are replaced by <see cref="Upsert"/>; tables are declared
/// in SQLite's words, see <see cref="Ddl"/>.
/// </summary>
internal abstract class StorageEngine
{
    /// <summary>Where the state is, for people: a path, or host, port and database. Never a password.</summary>
    public abstract string Place { get; }

    /// <summary>Other hub nodes may work on the same state at the same time.</summary>
    public abstract bool IsShared { get; }

    public abstract DbConnection Open();

    /// <summary>For what must be on disk when it is acknowledged, also after a power cut: a commit waits for the disk.</summary>
    public abstract DbConnection OpenDurable();

    /// <summary>Is this a database that can be worked with? Before any table is read or made.</summary>
    /// <exception cref="HubStorageException">It is not; the message says what helps.</exception>
    public abstract void Check(DbConnection connection);

    /// <summary>The words INTEGER (64 bits), BLOB, AUTOINCREMENT and WITHOUT ROWID in this engine's own.</summary>
    public abstract string Ddl(string sql);

    /// <summary>Until the transaction ends, no other node is in a transaction that asked for the same: what is named happens one at a time.</summary>
    public abstract void OneAtATime(DbConnection connection, string what);

    /// <summary>What <paramref name="exception"/> means for the person who starts the hub, and what helps.</summary>
    public abstract HubStorageException Explain(Exception exception);

    /// <summary>Closes connections that wait to be used again.</summary>
    public abstract void Close();
}
