namespace Gantry.Hub.Fleet.Transport;

/// <summary>All live WebSockets, for the sweep and for the goodbye.</summary>
internal sealed class SocketTable
{
    private readonly Lock _lock = new();
    private readonly List<AgentSocket> _sockets = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sockets.Count;
            }
        }
    }

    public void Add(AgentSocket socket)
    {
        lock (_lock)
        {
            socket.Slot = _sockets.Count;
            _sockets.Add(socket);
        }
    }

    public void Remove(AgentSocket socket)
    {
        lock (_lock)
        {
            // The last one takes its place.
            var last = _sockets[^1];
            _sockets[socket.Slot] = last;
            last.Slot = socket.Slot;
            _sockets.RemoveAt(_sockets.Count - 1);
        }
    }

    /// <summary>Fills <paramref name="target"/> with sockets from <paramref name="start"/> on.</summary>
    /// <returns>How many; fewer than fit: there are no more.</returns>
    public int Copy(int start, Span<AgentSocket> target)
    {
        lock (_lock)
        {
            var count = Math.Clamp(_sockets.Count - start, 0, target.Length);
            for (var i = 0; i < count; i++)
            {
                target[i] = _sockets[start + i];
            }

            return count;
        }
    }
}
