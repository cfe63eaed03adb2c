using Gantry.Hub.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Hub.Access;

/// <summary>The first admin token, made where the state is: whoever can write the database needs no other permission.</summary>
public static class AccessBootstrap
{
    /// <returns>The token, which is shown once; null when there is an admin token that counts already.</returns>
    /// <exception cref="HubStorageException">The state cannot be used.</exception>
    public static IssuedToken? FirstAdmin(HubOptions options, string name, TimeProvider time)
    {
        var database = new HubDatabase(options);
        try
        {
            using var feed = new ChangeFeed(database, time, NullLogger<ChangeFeed>.Instance);
            var store = new AccessStore(database, feed, options, time);
            Actor.Set(new Actor("gantry access bootstrap", ""));
            return store.HasAdmin ? null : store.Create(name, Role.Admin, lifetime: null);
        }
        finally
        {
            database.Engine.Close();
        }
    }
}
