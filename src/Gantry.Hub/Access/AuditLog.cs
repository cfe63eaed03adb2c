using System.Data.Common;
using System.Threading.Channels;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Access;

/// <summary>Lines that go with no change of the state: refused requests, and what doors did that told nothing of their own. Written behind, in order;
/// when the database cannot keep up, refused requests are left out before anything waits for them.</summary>
internal sealed class AuditLog(HubDatabase database, TimeProvider time, ILogger<AuditLog> logger) : BackgroundService
{
    private const int MostWaiting = 1000;

    private readonly DenialLimit _denials = new(time);

    private readonly Channel<AuditRow> _waiting = Channel.CreateBounded<AuditRow>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Denied(HttpContext context, string who, string reason) =>
        Denied(context.Request.Method, context.Request.Path, AddressOf(context), who, reason);

    /// <summary>What a message of a peer that was let in asked for, and may not have.</summary>
    public void Denied(Actor actor, string path, string reason) => Denied("OpAMP", path, actor.Address, actor.Who, reason);

    /// <summary>A change that no room told of itself. Written before the call returns: the caller answers after it.</summary>
    public void Changed(Actor actor, Deed deed)
    {
        try
        {
            using var connection = database.Open();
            AuditTable.Add(connection, new AuditRow(0, time.GetUtcNow(), actor.Who, deed.What, deed.Resource, 0, 0, actor.Address, deed.Detail));
        }
        catch (DbException exception)
        {
            Log.AuditNotWritten(logger, deed.What, exception.Message);
        }
    }

    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : "";

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                Write();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: StopAsync writes the rest.
        }
    }

    private void Denied(string method, string path, string address, string who, string reason)
    {
        Log.Denied(logger, method, path, address, reason);
        if (_denials.Take(address) is { } left)
        {
            var detail = $"{reason}{(left > 0 ? $"; and {left} more since the last line" : "")}";
            _waiting.Writer.TryWrite(new AuditRow(0, time.GetUtcNow(), who, AuditTable.Denied, $"{method} {path}", 0, 0, address, detail));
        }
    }

    private void Write()
    {
        try
        {
            using var connection = database.Open();
            using var transaction = connection.BeginTransaction();
            while (_waiting.Reader.TryRead(out var row))
            {
                AuditTable.Add(connection, row);
            }

            transaction.Commit();
        }
        catch (DbException exception)
        {
            Log.AuditNotWritten(logger, AuditTable.Denied, exception.Message);
        }
    }
}
