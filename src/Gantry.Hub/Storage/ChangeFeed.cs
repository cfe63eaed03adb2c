using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;

namespace Gantry.Hub.Storage;

/// <summary>
/// Tells this node what any node changed in a shared database: at once by LISTEN and NOTIFY, and within a second by asking, for a notification is lost with
/// its connection. With SQLite there is no other node, and nothing is ever told.
/// <para>
/// A room that keeps what it reads: <see cref="Tell"/> in the transaction of each change, <see cref="Subscribe"/> with what reads it anew.
/// </para>
/// </summary>
internal sealed class ChangeFeed(HubDatabase database, TimeProvider time, ILogger<ChangeFeed> logger) : BackgroundService
{
    public const string Schema = "CREATE TABLE IF NOT EXISTS changed (topic TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;";

    private const string Channel = "gantry_changed";

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Action> _subscribers = [];
    private readonly Dictionary<string, long> _seen = [];
    private readonly SemaphoreSlim _asking = new(1);

    // Null while all is well, so that trouble is told once and not each second.
    private string? _trouble;

    /// <summary>Within the transaction of the change, which tells it by its commit.</summary>
    public static void Tell(DbConnection connection, string topic)
    {
        if (connection is NpgsqlConnection)
        {
            HubDatabase.Run(
                connection,
                $"INSERT INTO changed (topic, version) VALUES ($topic, 1) ON CONFLICT (topic) DO UPDATE SET version = changed.version + 1; SELECT pg_notify('{Channel}', $topic)",
                ("$topic", topic));
        }
    }

    /// <summary>The version that the next change of this topic will have. For a transaction that goes one at a time and tells it at its end.</summary>
    public static long Next(DbConnection connection, string topic)
    {
        using var command = HubDatabase.Command(connection, "SELECT version FROM changed WHERE topic = $topic", ("$topic", topic));
        return ((long?)command.ExecuteScalar() ?? 0) + 1;
    }

    /// <param name="changed">Runs on another thread, never twice at a time for one topic; also once after the start and after changes of this node, so it should
    /// find out cheaply that it has them. Whatever it throws is logged, and it runs again.</param>
    public void Subscribe(string topic, Action changed) => _subscribers.AddOrUpdate(topic, changed, (_, others) => others + changed);

    public override void Dispose()
    {
        _asking.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        database.Engine.IsShared ? Task.WhenAll(AskAsync(stoppingToken), ListenAsync(stoppingToken)) : Task.CompletedTask;

    private async Task AskAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        try
        {
            do
            {
                await AskOnceAsync(stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The hub stops.
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = (NpgsqlConnection)database.Open();
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stop);
                }

                while (true)
                {
                    await connection.WaitAsync(stop);
                    await AskOnceAsync(stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
            {
                // Asking goes on meanwhile, and tells the trouble if there is one.
                await Task.Delay(AskEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AskOnceAsync(CancellationToken stop)
    {
        await _asking.WaitAsync(stop);
        try
        {
            foreach (var (topic, version) in await VersionsAsync(stop))
            {
                if (_seen.GetValueOrDefault(topic, -1) != version)
                {
                    // First what is there, then that it was seen: what fails is done again.
                    _subscribers.GetValueOrDefault(topic)?.Invoke();
                    _seen[topic] = version;
                }
            }

            _trouble = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (_trouble != exception.Message)
            {
                _trouble = exception.Message;
                Log.ChangesNotRead(logger, exception.Message);
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<List<(string Topic, long Version)>> VersionsAsync(CancellationToken stop)
    {
        var versions = new List<(string, long)>();
        await using var connection = database.Open();
        await using var command = HubDatabase.Command(connection, "SELECT topic, version FROM changed");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            versions.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return versions;
    }
}
