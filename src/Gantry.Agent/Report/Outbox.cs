using System.Threading.Channels;

namespace Gantry.Agent.Report;

/// <summary>
/// What is to be said to the hub, between the agent's loop that decides it and the session that sends it. It holds the newest inventory only,
/// so a hub that is away for a day costs no memory.
/// </summary>
internal sealed class Outbox
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private byte[]? _inventory;
    private Due _due;

    [Flags]
    public enum Due
    {
        Nothing = 0,
        FullState = 1,
        Heartbeat = 2,
        Inventory = 4,
        Configuration = 8,
    }

    public void Put(byte[] inventory)
    {
        lock (_lock)
        {
            _inventory = inventory;
        }

        Demand(Due.Inventory);
    }

    public void Demand(Due due)
    {
        lock (_lock)
        {
            _due |= due;
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>A new connection: the first message says everything but the inventory, which follows.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _due = _inventory is null ? Due.Nothing : Due.Inventory;
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Waits until something may be due.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation) => await _wake.Reader.ReadAsync(cancellation);

    /// <param name="withInventory">False leaves the inventory for later.</param>
    /// <param name="inventory">The newest, when it is due.</param>
    public Due Take(bool withInventory, out byte[] inventory)
    {
        lock (_lock)
        {
            var kept = withInventory ? Due.Nothing : _due & Due.Inventory;
            var taken = _due & ~kept;
            _due = kept;
            inventory = _inventory ?? [];
            return taken;
        }
    }
}
